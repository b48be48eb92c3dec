// Bundles every tests/*.test.ts and runs them with node's own test runner. Arguments are passed on to it.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('..', import.meta.url))
const out = `${here}artifacts/tests`
await rm(out, { recursive: true, force: true })
const tests = (await readdir(`${here}tests`)).filter((name) => name.endsWith('.test.ts'))
await build({
  entryPoints: tests.map((name) => `${here}tests/${name}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
  define: { 'globalThis.assetsRoot': JSON.stringify(here) },
})
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', '--test-reporter=tap', ...process.argv.slice(2), ...tests.map((name) => `${out}/${name.replace(/\.ts$/, '.mjs')}`)], { stdio: 'inherit', cwd: here })
process.exit(run.status ?? 1)
