// Prints the share of executed lines of each of our projects: node coverage.mjs REPORT.xml
import { readFileSync } from 'node:fs';

const report = readFileSync(process.argv[2], 'utf8');
// <package line-rate="0.69" branch-rate="0.74" complexity="1156" name="PixelGameDev.Streaming">
for (const [, rate, name] of [...report.matchAll(/<package line-rate="([^"]+)"[^>]* name="(PixelGameDev\.\w+|gamehost)"/g)].sort()) {
  if (!/Tests|Benchmarks/.test(name)) {
    console.log(`${name.replace('gamehost', 'PixelGameDev.GameHost').padEnd(30)} ${(100 * rate).toFixed(1).padStart(5)} %`);
  }
}
