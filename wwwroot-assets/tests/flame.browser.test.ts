// The flame graph in a real browser: pointer, keys, search, pause, live updates. CHROMIUM names it; /usr/bin/chromium by default.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { build } from 'esbuild'
import { type Browser, type Page, chromium } from 'playwright-core'
import type { Flame } from '../../benchmarks/canvas/flame-page.ts'
import { assetsRoot, repositoryRoot } from './support/assets.ts'
import { call, whole, writeCallTree } from './support/call-tree-writer.ts'

declare const flame: Flame

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const calls = [
  call('main', 10, [call('load', 3000, [call('std::vector<char>::push_back', 500, [], '/usr/lib/libstdc++.so.6')]), call('save', 200)]),
  call('<b>worker</b>', 1000, [call('main', 400)]),
]
const trees: Record<string, Uint8Array> = {
  one: writeCallTree(whole(...calls), 1),
  two: writeCallTree(whole(call('late', 9000), ...calls), 2),
  empty: writeCallTree(whole(), 1),
}

describe('FlamePanel', { skip: existsSync(executablePath) ? false : `no browser at ${executablePath}` }, () => {
  let server: Server
  let browser: Browser
  let page: Page
  const errors: string[] = []

  before(async () => {
    const { outputFiles: [script] } = await build({ entryPoints: [`${repositoryRoot}benchmarks/canvas/flame-page.ts`], bundle: true, format: 'esm', write: false, absWorkingDir: assetsRoot })
    const { outputFiles: [style] } = await build({ entryPoints: [`${assetsRoot}styles/canvas.css`], bundle: true, write: false })
    const answers: Record<string, [string, Uint8Array]> = {
      '/': ['text/html', readFileSync(`${repositoryRoot}benchmarks/canvas/page.html`)], '/page.js': ['text/javascript', script.contents], '/app.css': ['text/css', style.contents],
      ...Object.fromEntries(Object.entries(trees).map(([name, bytes]) => [`/frames/${name}`, ['application/octet-stream', bytes]])),
    }
    server = createServer((request, response) => {
      const found = Object.hasOwn(answers, request.url ?? '') ? answers[request.url ?? ''] : undefined
      if (found === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': found[0] }).end(found[1])
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage({ viewport: { width: 1000, height: 400 }, reducedMotion: 'reduce' })
    page.on('pageerror', (error) => errors.push(String(error)))
  })
  after(async () => {
    await browser.close()
    server.close()
    assert.deepEqual(errors, [])
  })

  const open = async (tree: string, state: Parameters<Flame['show']>[1] = {}) => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await page.evaluate(([name, wanted]) => flame.show(name, wanted), [tree, state] as const)
  }
  const told = () => page.evaluate(() => flame.told)
  const tokenOf = (...path: string[]) => page.evaluate((names) => flame.tokenOf(names), path)
  /** Two animation frames: what was asked for in the first is on the screen after the second. */
  const settled = () => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done) }) }))
  /** The middle of a call's box, in CSS pixels of the window. */
  const placeOf = async (...path: string[]) => {
    const at = await page.evaluate((names) => {
      const box = flame.panel.boxOf(flame.tokenOf(names))
      const stage = document.querySelector('.wvm-stage')?.getBoundingClientRect()
      return stage === undefined || box === null ? null : { x: stage.left + (box.left + box.right) / 2 / devicePixelRatio, y: stage.top + (box.top + box.bottom) / 2 / devicePixelRatio }
    }, path)
    assert.ok(at !== null)
    return at
  }
  const crumbs = () => page.locator('.wvm-crumb-name').allTextContents()
  const colourAt = ({ x, y }: { x: number, y: number }) => page.evaluate(([left, top]) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.wvm-canvas')
    const { left: fromLeft, top: fromTop } = canvas?.getBoundingClientRect() ?? { left: 0, top: 0 }
    return [...canvas?.getContext('2d')?.getImageData(left - fromLeft, top - fromTop, 1, 1).data ?? []].join()
  }, [x, y] as const)

  it('click_ACall_SelectsIt', async () => {
    await open('one')
    const { x, y } = await placeOf('main', 'load')
    await page.mouse.click(x, y)
    assert.equal((await told()).selected, await tokenOf('main', 'load'))
  })

  it('hover_ACall_SaysEverythingAsText', async () => {
    await open('one')
    const { x, y } = await placeOf('<b>worker</b>')
    await page.mouse.move(x, y)
    await settled()
    const text = await page.locator('.wvm-tooltip').innerText()
    for (const part of ['<b>worker</b>', '/usr/bin/app', '1.4 KiB (1,400 B)', 'Of it itself', '1000 B', '27 % of all live']) assert.ok(text.includes(part), `${part} in ${text}`)
    assert.equal(await page.locator('.wvm-tooltip b').count(), 0)
  })

  it('doubleClick_ACall_ZoomsToItAndTheCrumbLeadsBack', async () => {
    await open('one')
    const { x, y } = await placeOf('main', 'load')
    await page.mouse.dblclick(x, y)
    await settled()
    assert.equal((await told()).zoomed, await tokenOf('main', 'load'))
    assert.deepEqual(await crumbs(), ['All', 'main', 'load'])
    await page.getByRole('button', { name: 'main' }).click()
    await settled()
    assert.deepEqual(await crumbs(), ['All', 'main'])
  })

  it('keys_ArrowsEnterEscape_MoveZoomAndGoBack', async () => {
    await open('one')
    await page.locator('.wvm-overlay').focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    assert.equal((await told()).selected, await tokenOf('main', 'load'))
    await page.keyboard.press('ArrowRight')
    assert.equal((await told()).selected, await tokenOf('main', 'save'))
    await page.keyboard.press('Enter')
    await settled()
    assert.deepEqual(await crumbs(), ['All', 'main', 'save'])
    await page.keyboard.press('Escape')
    assert.equal((await told()).selected, '')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await settled()
    assert.deepEqual(await crumbs(), ['All'])
    assert.match(await page.locator('.wvm-summary').innerText(), /save/)
  })

  it('search_AName_DimsTheRestAndGoesFromMatchToMatch', async () => {
    await open('one')
    const [load, save] = [await placeOf('main', 'load'), await placeOf('main', 'save')]
    const inner = await placeOf('<b>worker</b>', 'main')
    // The bottom of a box has no letters on it.
    const below = ({ x, y }: { x: number, y: number }) => ({ x, y: y + 6 })
    const before = [await colourAt(below(load)), await colourAt(below(inner))]
    await page.evaluate(() => { flame.panel.setState({ search: 'main' }) })
    await settled()
    assert.notEqual(await colourAt(below(load)), before[0])
    assert.notEqual(await colourAt(below(save)), before[0])
    assert.equal(await colourAt(below(inner)), before[1])
    assert.equal(await page.locator('.wvm-found').innerText(), '2 calls match: 4 KiB, 80 %')
    await page.locator('.wvm-overlay').focus()
    await page.keyboard.press('n')
    assert.equal((await told()).selected, await tokenOf('main'))
    await page.keyboard.press('n')
    assert.equal((await told()).selected, await tokenOf('<b>worker</b>', 'main'))
    await page.keyboard.press('Shift+N')
    assert.equal((await told()).selected, await tokenOf('main'))
  })

  it('setTree_NewMomentWhilePaused_WaitsAndSaysSo', async () => {
    await open('one', { paused: true })
    await page.evaluate(() => flame.show('two', {}))
    assert.equal(await page.locator('.wvm-badge').innerText(), 'Paused; there is newer data')
    await assert.rejects(placeOf('late'), /nothing calls late/)
    await page.evaluate(() => { flame.panel.setState({ paused: false }) })
    await settled()
    await placeOf('late')
    assert.equal(await page.locator('.wvm-badge').isHidden(), true)
  })

  it('setTree_NewMomentWhileZoomed_StaysWithTheCall', async () => {
    await open('one')
    await page.evaluate((token) => { flame.panel.setState({ zoom: token }) }, await tokenOf('main'))
    await page.evaluate(() => flame.show('two', {}))
    assert.deepEqual(await crumbs(), ['All', 'main'])
    const box = await page.evaluate(() => flame.panel.boxOf(flame.tokenOf(['main'])))
    assert.ok(box !== null && Math.abs(box.left) < 1e-6 && Math.abs(box.right - 1000) < 1e-6)
  })

  it('show_NothingInTheSpan_SaysWhatToDo', async () => {
    await open('empty')
    assert.match(await page.locator('.wvm-message').innerText(), /nothing under "Live"\. Choose another figure or another span\./)
  })
})
