// The panel in a real browser: pointer, keys, pause, live updates. CHROMIUM names it; /usr/bin/chromium by default.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { build } from 'esbuild'
import { type Browser, type Page, chromium } from 'playwright-core'
import type { Bench } from '../../benchmarks/canvas/page.ts'
import { assetsRoot, repositoryRoot } from './support/assets.ts'
import { type RowSpec, writeFrame } from './support/frame-writer.ts'

declare const bench: Bench

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const mebibyte = 2 ** 20

const resident = (page: number, mebibytes: number, category: number, detail = 0, protection = 3): RowSpec => ({
  page, pages: mebibytes * 256, category, detail, protection, committed: mebibytes * mebibyte, privateWs: mebibytes * mebibyte,
})
const texts = ['', '/usr/bin/node', '[heap]', '<b>bold</b>']
const rows = [
  { ...resident(0x400, 8, 1, 1, 5), base: 0x400 }, { ...resident(0x400 + 2048, 4, 1, 1, 1), base: 0x400 },
  resident(0x10000, 16, 4, 2), { page: 0x20000, pages: 0x10000, category: 10 }, resident(0x40000, 20, 7), resident(0x50000, 6, 7), resident(0x60000, 2, 2, 3, 1),
]
const frames: Record<string, Uint8Array> = {
  one: writeFrame({ kind: 1, sequence: 1, texts, rows }),
  two: writeFrame({ kind: 2, sequence: 2, baseSequence: 1, firstText: texts.length, texts: [], rows: [resident(0x70000, 30, 7)] }),
  idle: writeFrame({ kind: 1, sequence: 1, texts: [''], rows: [{ page: 16, pages: 16, category: 7 }] }),
}

describe('RegionsPanel', { skip: existsSync(executablePath) ? false : `no browser at ${executablePath}` }, () => {
  let server: Server
  let browser: Browser
  let page: Page
  const errors: string[] = []

  before(async () => {
    const { outputFiles: [script] } = await build({ entryPoints: [`${repositoryRoot}benchmarks/canvas/page.ts`], bundle: true, format: 'esm', write: false, absWorkingDir: assetsRoot })
    const { outputFiles: [style] } = await build({ entryPoints: [`${assetsRoot}styles/canvas.css`], bundle: true, write: false })
    const html = readFileSync(`${repositoryRoot}benchmarks/canvas/page.html`)
    const answers: Record<string, [string, Uint8Array]> = {
      '/': ['text/html', html], '/page.js': ['text/javascript', script.contents], '/app.css': ['text/css', style.contents],
      ...Object.fromEntries(Object.entries(frames).map(([name, bytes]) => [`/frames/${name}`, ['application/octet-stream', bytes]])),
    }
    server = createServer((request, response) => {
      const found = Object.hasOwn(answers, request.url ?? '') ? answers[request.url ?? ''] : undefined
      if (found === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': found[0] }).end(found[1])
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 1000, height: 600 }, reducedMotion: 'reduce' })
    page.on('pageerror', (error) => errors.push(String(error)))
  })
  after(async () => {
    await browser.close()
    server.close()
    assert.deepEqual(errors, [])
  })

  const open = async (frame: string, state: Parameters<Bench['show']>[1] = {}) => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.evaluate(([name, wanted]) => bench.show(name, wanted), [frame, state] as const)
  }
  const told = () => page.evaluate(() => bench.told)
  /** Two animation frames: what was asked for in the first is on the screen after the second. */
  const settled = () => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done) }) }))
  /** The middle of what a token names, in CSS pixels of the window. */
  const placeOf = async (token: string) => {
    const at = await page.evaluate((name) => {
      const box = bench.panel.boxesOf(name)[0]
      const stage = document.querySelector('.wvm-stage')?.getBoundingClientRect()
      return stage === undefined ? null : { x: stage.left + (box.left + box.right) / 2 / devicePixelRatio, y: stage.top + (box.top + box.bottom) / 2 / devicePixelRatio }
    }, token)
    assert.ok(at !== null)
    return at
  }
  const click = async (token: string) => {
    const { x, y } = await placeOf(token)
    await page.mouse.click(x, y)
  }
  const crumbs = () => page.locator('.wvm-crumb-name').allTextContents()

  it('click_ARegion_SelectsIt', async () => {
    await open('one')
    await click('r:0x10000000')
    assert.equal((await told()).selected, 'r:0x10000000')
  })

  it('click_OnTheMap_SelectsTheRegionAtThatAddress', async () => {
    await open('one', { view: 'map' })
    await click('r:0x40000000')
    assert.equal((await told()).selected, 'r:0x40000000')
  })

  it('hover_ARegion_SaysEverythingAsText', async () => {
    await open('one')
    const { x, y } = await placeOf('r:0x60000000')
    await page.mouse.move(x, y)
    await settled()
    const text = await page.locator('.wvm-tooltip').innerText()
    for (const part of ['<b>bold</b>', 'Mapped File', '0x60000000 - 0x60200000', '2 MiB (2,097,152 B)', 'r--p', 'Private WS']) assert.ok(text.includes(part), `${part} in ${text}`)
    assert.equal(await page.locator('.wvm-tooltip b').count(), 0)
  })

  it('keys_ArrowsEnterEscape_MoveZoomAndGoBack', async () => {
    await open('one')
    await page.locator('.wvm-overlay').focus()
    await page.keyboard.press('ArrowRight')
    assert.equal((await told()).selected, 'c:Private Data')
    await page.keyboard.press('ArrowRight')
    assert.equal((await told()).selected, 'c:Heap')
    await page.keyboard.press('ArrowDown')
    assert.equal((await told()).selected, 'r:0x10000000')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await settled()
    assert.equal((await told()).zoomed, 'c:Heap')
    assert.deepEqual(await crumbs(), ['All', 'Heap'])
    await page.keyboard.press('Escape')
    assert.equal((await told()).selected, '')
    await page.keyboard.press('Escape')
    await settled()
    assert.equal((await told()).zoomed, '')
    assert.deepEqual(await crumbs(), ['All'])
  })

  it('doubleClick_ThenTheBreadcrumb_GoesInAndOut', async () => {
    await open('one')
    const { x, y } = await placeOf('r:0x400000')
    await page.mouse.dblclick(x, y)
    await settled()
    assert.equal((await told()).zoomed, 'g:Image|/usr/bin/node')
    assert.deepEqual(await crumbs(), ['All', 'Image', 'node'])
    await page.getByRole('button', { name: 'Image' }).click()
    await settled()
    assert.equal((await told()).zoomed, 'c:Image')
    await page.getByRole('button', { name: 'All' }).click()
    await settled()
    assert.equal((await told()).zoomed, '')
  })

  it('wheel_AtARegion_KeepsTheSamePartOfItUnderThePointer', async () => {
    await open('one')
    const { x, y } = await placeOf('r:0x50000000')
    // Pointers stand on whole pixels.
    const at = { x: Math.round(x), y: Math.round(y) }
    const partAt = () => page.evaluate(({ x, y }) => {
      const [box] = bench.panel.boxesOf('r:0x50000000')
      const stage = document.querySelector('.wvm-stage')?.getBoundingClientRect() ?? new DOMRect()
      return { x: (x - stage.left - box.left) / (box.right - box.left), y: (y - stage.top - box.top) / (box.bottom - box.top), width: box.right - box.left }
    }, at)
    const before = await partAt()
    await page.mouse.move(at.x, at.y)
    for (let i = 0; i < 8; i++) await page.mouse.wheel(0, -200)
    await page.waitForFunction((width) => {
      const [box] = bench.panel.boxesOf('r:0x50000000')
      return box.right - box.left > 20 * width
    }, before.width)
    const after = await partAt()
    assert.ok(Math.hypot(after.x - before.x, after.y - before.y) < 1e-9, JSON.stringify({ before, after }))
  })

  it('paused_NewSamples_WaitAndAreSaid', async () => {
    await open('one', { paused: true })
    await page.evaluate(() => bench.show('two', { paused: true }))
    assert.match(await page.locator('.wvm-badge').innerText(), /newer data/)
    assert.equal((await page.evaluate(() => bench.panel.drawn?.sequence)), 1)
    await page.evaluate(() => { bench.panel.setState({ paused: false }) })
    await settled()
    assert.equal((await page.evaluate(() => bench.panel.drawn?.sequence)), 2)
    assert.equal(await page.locator('.wvm-badge').isVisible(), false)
  })

  it('update_WhileZoomedAndSelected_KeepsBoth', async () => {
    await open('one', { zoom: 'c:Image', selection: 'r:0x400000' })
    await page.evaluate(() => bench.show('two', {}))
    await settled()
    assert.deepEqual(await crumbs(), ['All', 'Image'])
    assert.equal(await page.evaluate(() => bench.panel.boxesOf('r:0x400000').length), 1)
  })

  it('empty_NothingResident_SaysWhatToChoose', async () => {
    await open('idle')
    assert.match(await page.locator('.wvm-message').innerText(), /No region has any working set.*choose Size/)
    await page.evaluate(() => { bench.panel.setState({ area: 'size' }) })
    await settled()
    assert.equal(await page.locator('.wvm-message').isVisible(), false)
  })

  it('summary_OfThePicture_IsItsAccessibleName', async () => {
    await open('one')
    const name = await page.getByRole('img').getAttribute('aria-label')
    assert.match(name ?? '', /^Treemap of 6 regions by working set, 56 MiB in all: Private Data 26 MiB, Heap 16 MiB, Image 12 MiB, Mapped File 2 MiB\./)
  })

  it('dispose_AfterUse_LeavesNothingBehind', async () => {
    await open('one')
    await page.evaluate(() => { bench.panel.dispose() })
    assert.equal(await page.locator('#view > *').count(), 0)
  })
})
