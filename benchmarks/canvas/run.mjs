// Measures the canvases in headless Chromium: `npm run bench` in wwwroot-assets. With --shots DIR it takes pictures instead, of a real
// process (--pid P, by default this one). CHROMIUM names the browser, /usr/bin/chromium by default.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = fileURLToPath(new URL('.', import.meta.url))
const assets = fileURLToPath(new URL('../../wwwroot-assets/', import.meta.url))
const require = createRequire(`${assets}package.json`)
const { build } = require('esbuild')
const { chromium } = require('playwright-core')
const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', multiple: true, default: ['10000', '100000'] },
    shots: { type: 'string' },
    calls: { type: 'string', multiple: true, default: ['10000', '100000', '1000000'] },
    pid: { type: 'string', default: 'self' },
    smaps: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
})

async function bundle(path, platform) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: 'esm', platform, write: false, absWorkingDir: here, nodePaths: [`${assets}node_modules`], logLevel: 'warning' })
  return outputFiles[0].text
}
const load = async (path) => import(`data:text/javascript;base64,${Buffer.from(await bundle(path, 'node')).toString('base64')}`)

const files = new Map([
  ['/', ['text/html', await readFile(`${here}page.html`)]],
  ['/page.js', ['text/javascript', await bundle('page.ts', 'browser')]],
  ['/flame', ['text/html', (await readFile(`${here}page.html`, 'utf8')).replace('/page.js', '/flame.js')]],
  ['/flame.js', ['text/javascript', await bundle('flame-page.ts', 'browser')]],
  ['/app.css', ['text/css', await readFile(fileURLToPath(new URL('../../src/WebVmMap.Hub/wwwroot/css/app.css', import.meta.url)))]],
])
const server = createServer((request, response) => {
  const file = files.get(new URL(request.url ?? '/', 'http://localhost').pathname)
  if (file === undefined) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': file[0] }).end(file[1])
})
await new Promise((done) => { server.listen(0, '127.0.0.1', done) })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info'],
})
try {
  const context = await browser.newContext({ viewport: options.shots === undefined ? { width: 1600, height: 900 } : { width: 1000, height: 460 }, deviceScaleFactor: Number(options.scale) })
  const page = await context.newPage()
  page.on('pageerror', (error) => { console.error(error); process.exitCode = 1 })
  const origin = `http://127.0.0.1:${server.address().port}`
  await page.goto(`${origin}/`)
  if (options.shots === undefined) {
    await measure(page)
    await page.goto(`${origin}/flame`)
    await measureFlame(page)
  } else {
    await takePictures(page, options.shots)
  }
} finally {
  await browser.close()
  server.close()
}

async function measure(page) {
  const { benchmarkFrames } = await load('frames.ts')
  const rounded = (value) => Math.round(value * 10) / 10
  const table = []
  for (const rows of options.rows.map(Number)) {
    for (const [name, bytes] of benchmarkFrames(rows, 10)) files.set(`/frames/${name}`, ['application/octet-stream', bytes])
    for (const view of ['treemap', 'map']) {
      await page.reload()
      const { zoom, full, hover, pan, ...result } = await page.evaluate(([key, deltas, kind]) => globalThis.bench.measure(key, deltas, kind), [`key-${rows}`, Array.from({ length: 10 }, (_, i) => `delta-${rows}-${i}`), view])
      table.push({
        view, rows: result.rows, 'KB': rounded(result.bytes / 1000), 'delta KB': rounded(result.deltaBytes / 1000), 'decode ms': rounded(result.decode), 'apply 1 % ms': rounded(result.apply),
        'group ms': rounded(result.tree), 'layout ms': rounded(result.layout), 'first draw ms': rounded(result.firstDraw), 'update ms': rounded(result.update),
        'zoom fps': rounded(zoom.fps), 'zoom p95 ms': rounded(zoom.p95), 'hover fps': rounded(hover.fps), 'pan fps': rounded(pan.fps), 'full fps': rounded(full.fps), 'heap MiB': rounded(result.heapMiB),
      })
    }
  }
  console.table(table)
}

async function measureFlame(page) {
  const { bigCallTree } = await load('call-trees.ts')
  const rounded = (value) => Math.round(value * 10) / 10
  const table = []
  for (const calls of options.calls.map(Number)) {
    const names = Array.from({ length: 5 }, (_, i) => `calls-${calls}-${i}`)
    names.forEach((name, i) => { files.set(`/frames/${name}`, ['application/octet-stream', bigCallTree(calls, i + 1)]) })
    await page.reload()
    const { zoom, full, hover, pan, ...result } = await page.evaluate((keys) => globalThis.flame.measure(keys), names)
    table.push({
      view: 'flame', calls: result.calls, 'KB': rounded(result.bytes / 1000), 'decode ms': rounded(result.decode), 'layout ms': rounded(result.layout), 'search ms': rounded(result.search),
      'first draw ms': rounded(result.firstDraw), 'update ms': rounded(result.update), 'zoom fps': rounded(zoom.fps), 'zoom p95 ms': rounded(zoom.p95), 'hover fps': rounded(hover.fps),
      'pan fps': rounded(pan.fps), 'full fps': rounded(full.fps), 'heap MiB': rounded(result.heapMiB),
    })
  }
  console.table(table)
}

async function takePictures(page, folder) {
  await mkdir(folder, { recursive: true })
  const { frameOfSmaps } = await load('../../wwwroot-assets/tests/support/smaps.ts')
  const { writeFrame } = await load('../../wwwroot-assets/tests/support/frame-writer.ts')
  files.set('/frames/real', ['application/octet-stream', writeFrame(frameOfSmaps(await readFile(options.smaps ?? `/proc/${options.pid}/smaps`, 'utf8')))])
  const take = async (name, state, act) => {
    await page.reload()
    await page.evaluate((wanted) => globalThis.bench.show('real', wanted), state)
    if (act !== undefined) await act()
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${folder}/${name}.png` })
    console.log(`${folder}/${name}.png`)
  }
  for (const theme of ['light', 'dark']) {
    await take(`treemap-${theme}`, { view: 'treemap', theme })
    await take(`map-${theme}`, { view: 'map', theme })
    await take(`treemap-hover-${theme}`, { view: 'treemap', area: 'size', colour: 'protection', theme }, async () => {
      await page.mouse.click(300, 200)
      await page.mouse.move(640, 300)
    })
    await take(`treemap-filter-${theme}`, { view: 'treemap', colour: 'residency', area: 'size', filter: 'cat:image', theme }, async () => { await page.mouse.move(900, 200) })
    await take(`map-zoom-${theme}`, { view: 'map', area: 'size', category: 'Image', theme }, async () => {
      await page.mouse.move(500, 200)
      for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -300)
    })
    await take(`treemap-enter-${theme}`, { view: 'treemap', area: 'committed', zoom: 'c:Image', theme })
  }
}
