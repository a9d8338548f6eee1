// Makes the inputs of the reports' check: names that try to be markup, a single site, many sites, and plans.
import fs from "node:fs";

const out = process.argv[2];
const hostile = "<script>alert(1)</script>";
fs.writeFileSync(`${out}/hostile-sites.csv`, `id,name,lon,lat,owner
s1,${hostile},66.9,30.1,"<img src=x onerror=alert(2)>"
s2,"</script><b>bold</b> {{data}}",67.2,30.3,"A & ""B"""
s3,"Quoted ""name"" 'and' more",67.5,29.8,"A & ""B"""
s4,"Zażółć Ελλάδα Юг 中文 مرحبا",66.5,29.5,
`);
fs.writeFileSync(`${out}/hostile-incidents.csv`, `id,domain,date,lon,lat,event_type,fatalities
i1,security,2024-05-01,66.95,30.15,"Battles",3
i2,security,2024-06-01,67.1,30.2,"Attack ""quoted"" \u2028 line \u2029 and <b>bold</b>",1
i3,security,2019-06-01,67.4,29.9,"Riots",0
`);
fs.writeFileSync(`${out}/one.csv`, "id,name,lon,lat\nonly,The only one,66.9,30.1\n");
// A fixed sequence (Lehmer's generator, modulus 2^31 - 1), so that the sites are the same on each run.
let seed = 1;
const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
const rows = ["id,name,lon,lat,commodity"];
for (let i = 0; i < 20000; i++) {
  rows.push(`m${i},Site ${i},${(60 + 15 * random()).toFixed(4)},${(24 + 12 * random()).toFixed(4)},${["coal", "copper", "gold"][i % 3]}`);
}
const masses = ["id,domain,date,lon,lat,event_type,fatalities,notes"];
for (let i = 0; i < 8000; i++) {
  const day = new Date(Date.UTC(2010, 0, 1) + 86400000 * Math.floor(5000 * random())).toISOString().slice(0, 10);
  masses.push(`x${i},security,${day},${(66.9 + 1.2 * (random() + random() - 1)).toFixed(4)},${(30 + 0.8 * (random() + random() - 1)).toFixed(4)},${["Battles", "Riots", "Explosions/Remote violence"][i % 3]},${Math.floor(1 / (0.02 + random()))},"What happened, number ${i}"`);
}
fs.writeFileSync(`${out}/masses.csv`, `${masses.join("\n")}\n`);
fs.writeFileSync(`${out}/many.csv`, `${rows.join("\n")}\n`);
const inputs = (sites) => `[inputs]
sites = ["${sites}"]
incidents = ["hostile-incidents.csv"]
coverage = "all"
`;
fs.writeFileSync(`${out}/hostile.toml`, `name = "${hostile} & <b>bold</b>"
reports = true
schemes = ["default", "security-only"]
${inputs("hostile-sites.csv")}
[dates]
every = "year"
from = 2019-12-31
to = 2024-12-31
[[regions]]
name = "North (1)"
[[regions]]
name = "Lost"
inputs = { sites = ["<img src=x onerror=alert(3)>.csv"] }
`);
fs.writeFileSync(`${out}/many.toml`, `name = "Many sites"
${inputs("many.csv")}
[dates]
every = "month"
from = 2024-01-31
to = 2024-12-31
`);
