// Makes CSS custom properties from lib/colours.ts, the one place where the colours stand.
import { build } from 'esbuild'

/** Runs a module of src/ in node, bundled on the fly. */
export async function load(here, path) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false, absWorkingDir: here, logLevel: 'warning' })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** The style rules that give every category and sign its colour in the light and the dark theme. */
export async function colourProperties(here) {
  const { toCss } = await load(here, 'src/lib/colours.ts')
  return toCss()
}
