// Where things are, whatever folder the bundled tests run in (tools/test.mjs defines assetsRoot).
import { readFileSync } from 'node:fs'

declare global {
  var assetsRoot: string
}

export const assetsRoot = globalThis.assetsRoot
export const repositoryRoot = `${assetsRoot}../`
export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
