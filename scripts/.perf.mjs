import {transformSync} from '@babel/core';import {readFileSync} from 'fs';
import {build} from 'esbuild';
await build({entryPoints:['/work/main/babel-plugin/src/index.ts'],alias:{'dualize/rules':'/work/main/packages/dualize/src/rules.ts'},bundle:true,packages:'external',format:'esm',platform:'node',outfile:'/work/main/node_modules/.cache/show.mjs',logLevel:'error'});
const p=(await import('/work/main/node_modules/.cache/show.mjs')).default;
const names=process.argv.slice(2);
for(const n of names){
 const entry=`import {kernel} from './packages/bench/src/kernels/${n}.ts';import * as hand from './packages/bench/src/hand/${n}.ts';import {twinOf} from 'dualize/runtime';
 const tw=twinOf(kernel.f),f=kernel.f,g=tw.tangent;
 const h=Object.values(hand).find(x=>typeof x==='function');
 const a=kernel.args,d=kernel.tangents,pr=a.flatMap((x,i)=>[x,d[i]]);
 const mk=(fn,args)=>new Function('f','a','let s=0;'+args.map((_,i)=>'const a'+i+'=a['+i+'];').join('')+'return n=>{for(let i=0;i<n;i++){const r=f('+args.map((_,i)=>'a'+i).join(',')+');s+=typeof r==="number"?r:r[0]}return s}')(fn,args);
 const runs={plain:mk(f,a),tangent:mk(g,pr),hand:mk(h,pr)};
 let N=1;{const t=process.hrtime.bigint();runs.plain(200);N=Math.max(10,Math.round(2000*1e6/Number(process.hrtime.bigint()-t)));}
 const res={plain:[],tangent:[],hand:[]};
 for(let r=0;r<60;r++)for(const k in runs){const t=process.hrtime.bigint();runs[k](N);res[k].push(Number(process.hrtime.bigint()-t)/N)}
 const med=x=>x.slice(15).sort((p,q)=>p-q)[22];
 console.log('${n}'.padEnd(18),'plain',med(res.plain).toFixed(0),'tangent',(med(res.tangent)/med(res.plain)).toFixed(2),'hand',(med(res.hand)/med(res.plain)).toFixed(2));`;
 const out='/tmp/perf/'+n+'.mjs';
 await build({stdin:{contents:entry,resolveDir:'/work/main',loader:'ts'},bundle:true,format:'esm',platform:'node',outfile:out,logLevel:'error',tsconfigRaw:{},alias:{'dualize/runtime':'/work/main/packages/dualize/src/runtime.ts','dualize':'/work/main/packages/dualize/src/index.ts'},plugins:[{name:'d',setup(b){b.onLoad({filter:/kernels\/.*\.ts$/},a=>{const s=readFileSync(a.path,'utf8');if(!s.includes('use dual'))return;return{loader:'ts',contents:transformSync(s,{filename:a.path,configFile:false,babelrc:false,parserOpts:{plugins:['typescript']},plugins:[p]}).code}})}}]});
 const {spawnSync}=await import('child_process');
 process.stdout.write(spawnSync(process.execPath,[...(process.env.NF?process.env.NF.split(' '):[]),out],{encoding:'utf8'}).stdout);
}
