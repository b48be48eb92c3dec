// Bundles the browser side into the hub's wwwroot: js/ and css/, both of which belong to this script alone and are emptied first.
import { build } from 'esbuild'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { colourProperties } from './colour-properties.mjs'

const here = fileURLToPath(new URL('..', import.meta.url))
const wwwroot = fileURLToPath(new URL('../../src/WebVmMap.Hub/wwwroot', import.meta.url))

await rm(`${wwwroot}/js`, { recursive: true, force: true })
await rm(`${wwwroot}/css`, { recursive: true, force: true })
await mkdir(`${wwwroot}/css`, { recursive: true })

const shared = { bundle: true, minify: true, logLevel: 'warning', legalComments: 'linked', target: ['es2022'], absWorkingDir: here }
await build({
  ...shared,
  entryPoints: ['regions-view', 'diff-view', 'flame-view', 'recording-chart', 'timeline-chart', 'theme', 'app', 'grid'].map((name) => `src/interop/${name}.ts`),
  outdir: `${wwwroot}/js`,
  format: 'esm',
  splitting: true,
  sourcemap: process.argv.includes('--sourcemap') && 'linked',
  chunkNames: 'chunk-[hash]',
})

// One stylesheet: every file of styles/ in the order of their names, and the colours, made from lib/colours.ts.
const styles = (await readdir(`${here}/styles`)).filter((name) => name.endsWith('.css')).sort()
const imports = styles.map((name) => `@import "./styles/${name}";`).join('\n')
const result = await build({
  ...shared,
  stdin: { contents: `${imports}\n${await colourProperties(here)}`, resolveDir: here, loader: 'css' },
  write: false,
  outdir: `${wwwroot}/css`,
})
const css = result.outputFiles.find((file) => file.path.endsWith('.css'))
if (css === undefined) throw new Error('build: esbuild made no stylesheet')
await writeFile(`${wwwroot}/css/app.css`, css.contents)
