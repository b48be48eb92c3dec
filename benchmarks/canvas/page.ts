// The page that benchmarks and screenshots run in: the product's own panel, fed with frames made on the machine. No hub.
import { FrameDecoder, type Sample } from '../../wwwroot-assets/src/lib/frame.ts'
import { cssFrames } from '../../wwwroot-assets/src/lib/frames.ts'
import { buildTree } from '../../wwwroot-assets/src/lib/region-tree.ts'
import { layoutTree } from '../../wwwroot-assets/src/lib/squarify.ts'
import { RegionsPanel } from '../../wwwroot-assets/src/render/regions-panel.ts'
import type { ViewState } from '../../wwwroot-assets/src/lib/view-state.ts'
import { drag, drawn, fetchFrame, framesPerSecond, median, move, nextFrame, press, wheel } from './driving.ts'

const root = document.getElementById('view')
if (root === null) throw new Error('no view')
/** What the panel told its owner last. */
const told = { selected: '', zoomed: '' }
const panel = new RegionsPanel(root, {
  selected: (token) => { told.selected = token },
  zoomed: (token) => { told.zoomed = token },
})

const decoder = new FrameDecoder()

/** For the script that drives this page. */
const bench = {
  panel,
  told,
  async show(name: string, state: Partial<ViewState>): Promise<Sample> {
    decoder.apply(await fetchFrame(name))
    const sample = decoder.current
    if (sample === null) throw new Error('no sample')
    document.documentElement.dataset['theme'] = state.theme ?? 'light'
    panel.setState(state)
    panel.setSample(sample)
    await nextFrame()
    await nextFrame()
    return sample
  },
  async measure(key: string, deltas: string[], view: ViewState['view']) {
    const bytes = await fetchFrame(key)
    const changes = await Promise.all(deltas.map(fetchFrame))
    const decodes: number[] = []
    for (let i = 0; i < 5; i++) {
      const fresh = new FrameDecoder()
      const started = performance.now()
      fresh.apply(bytes)
      decodes.push(performance.now() - started)
    }
    const decoder = new FrameDecoder()
    decoder.apply(bytes)
    const first = decoder.current
    if (first === null) throw new Error('no sample')
    const trees: number[] = []
    const layouts: number[] = []
    for (let i = 0; i < 5; i++) {
      let started = performance.now()
      const tree = buildTree(first.table, 'size', false)
      trees.push(performance.now() - started)
      started = performance.now()
      layoutTree(tree, 0, root.clientWidth, root.clientHeight, cssFrames)
      layouts.push(performance.now() - started)
    }
    panel.setState({ view, area: 'size', theme: 'light' })
    const firstDraw = await drawn(() => { panel.setSample(first) })
    await nextFrame()
    const applies: number[] = []
    const updates: number[] = []
    for (const change of changes) {
      await nextFrame()
      const started = performance.now()
      if (decoder.apply(change) !== 'applied') throw new Error('a delta did not apply')
      applies.push(performance.now() - started)
      const sample = decoder.current
      if (sample !== null) updates.push(performance.now() - started + await drawn(() => { panel.setSample(sample) }))
    }
    const { left, top, width, height } = root.getBoundingClientRect()
    let direction = -1
    let turned = 0
    const zoom = await framesPerSecond(3000, (since) => {
      if (Math.floor(since / 750) !== turned) {
        turned = Math.floor(since / 750)
        direction = -direction
      }
      wheel(left + width * (0.5 + 0.3 * Math.sin(since / 900)), top + height / 2, direction * 25)
    })
    // All of it again with every frame, the worst case: a hair's breadth of zoom in and out.
    panel.setState({ zoom: '' })
    let near = 1
    const full = await framesPerSecond(2500, () => { wheel(left + width / 2, top + height / 2, near = -near) })
    // The pointer wanders over the picture: what is under it is found, outlined and described.
    const hover = await framesPerSecond(2000, (since) => {
      move(left + width * (0.5 + 0.4 * Math.sin(since / 300)), top + height * (0.5 + 0.4 * Math.cos(since / 410)), 0)
    })
    // Closer, so that there is somewhere to go, and dragged to and fro.
    for (let i = 0; i < 8; i++) wheel(left + width / 2, top + height / 2, -100)
    await nextFrame()
    press('pointerdown', left + width / 2, top + height / 2)
    const pan = await framesPerSecond(2000, (since) => {
      drag(left + width * (0.5 + 0.3 * Math.sin(since / 500)), top + height * (0.5 + 0.3 * Math.sin(since / 350)))
    })
    press('pointerup', left + width / 2, top + height / 2)
    const memory = (performance as Performance & { memory?: { usedJSHeapSize: number } }).memory
    return {
      rows: first.table.count, bytes: bytes.length, deltaBytes: median(changes.map((change) => change.length)),
      decode: median(decodes), apply: median(applies), tree: median(trees), layout: median(layouts), firstDraw, update: median(updates),
      zoom, full, hover, pan, heapMiB: (memory?.usedJSHeapSize ?? 0) / 1048576,
    }
  },
}
export type Bench = typeof bench
Object.assign(globalThis, { bench })
