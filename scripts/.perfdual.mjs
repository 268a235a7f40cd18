import {readFileSync} from 'fs';
const n=process.argv[2];
let s=readFileSync('/tmp/perf/'+n+'.mjs','utf8');
const i=s.search(/var N = 1|let N = 1/);
s=s.slice(0,i)+`
const T=++globalThis.__t||(globalThis.__t=1e6);
const lift=(p,t)=>typeof p==='number'?new Dual(p,t,T):p instanceof Float64Array?new DualArray(Float64Array,Array.from(p,(v,i)=>new Dual(v,t[i],T))):Array.isArray(p)?p.map((v,i)=>lift(v,t[i])):Object.fromEntries(Object.entries(p).map(([k,v])=>[k,lift(v,t[k])]));
const la=a.map((x,i)=>lift(x,d[i]));
const md=mk(tw.dual,la.map(x=>x));
const run=(n)=>{for(let i=0;i<n;i++)tw.dual(...la)};
for(let k=0;k<6;k++){let t=process.hrtime.bigint();runs.plain(2000);const p=Number(process.hrtime.bigint()-t)/2000;t=process.hrtime.bigint();run(300);const q=Number(process.hrtime.bigint()-t)/300;console.log('plain',p|0,'dual',q|0,(q/p).toFixed(1));}`;
const {writeFileSync}=await import('fs');writeFileSync('/tmp/perf/'+n+'.dual.mjs',s);
