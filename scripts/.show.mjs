import {transformSync} from '@babel/core';import {readFileSync,writeFileSync} from 'fs';
import {build} from 'esbuild';
await build({entryPoints:['/work/main/babel-plugin/src/index.ts'],alias:{'dualize/rules':'/work/main/packages/dualize/src/rules.ts'},bundle:true,packages:'external',format:'esm',platform:'node',outfile:'/work/main/node_modules/.cache/show.mjs',logLevel:'error'});
const p=(await import('/work/main/node_modules/.cache/show.mjs')).default;
for(const f of process.argv.slice(2).filter(f=>f!='-q')){
const r=transformSync(readFileSync(f,'utf8'),{filename:f,configFile:false,babelrc:false,parserOpts:{plugins:['typescript']},plugins:[p]});
if(!process.argv.includes('-q'))console.log(r.code);
for(const x of r.metadata.dualize?.functions??[])console.log(f.split('/').pop(),x.name,x.form,JSON.stringify(x.reasons));}
