import { chromium } from "playwright-core";
const [,, url, out, scheme, width] = process.argv;
const b = await chromium.launch({executablePath:"/usr/bin/chromium", args:["--headless","--no-sandbox","--disable-gpu"]});
const c = await b.newContext({colorScheme: scheme, viewport:{width:+width,height:900}});
const p = await c.newPage(); p.on("console", m=>console.log(m.text())); p.on("pageerror", e=>console.log("ERR", e.message));
await p.goto(url); await p.waitForTimeout(400); await p.screenshot({path:out, fullPage:false}); await b.close();
