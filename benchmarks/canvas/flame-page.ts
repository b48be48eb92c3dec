// The page that the flame graph's benchmark and its tests run in: the product's own panel, fed with call trees made on the machine.
import { type CallTree, decodeCallTree } from '../../wwwroot-assets/src/flame/call-tree.ts'
import { layOut } from '../../wwwroot-assets/src/flame/layout.ts'
import { FlamePanel } from '../../wwwroot-assets/src/flame/panel.ts'
import { search } from '../../wwwroot-assets/src/flame/search.ts'
import type { FlameState } from '../../wwwroot-assets/src/flame/state.ts'
import { CallTreeTokens } from '../../wwwroot-assets/src/flame/tokens.ts'
import { drag, drawn, fetchFrame, framesPerSecond, median, move, nextFrame, press, wheel } from './driving.ts'

const root = document.getElementById('view')
if (root === null) throw new Error('no view')
/** What the panel told its owner last. */
const told = { selected: '', zoomed: '' }
const panel = new FlamePanel(root, {
  selected: (token) => { told.selected = token },
  zoomed: (token) => { told.zoomed = token },
})

function timed<T>(work: () => T): { value: T, ms: number } {
  const started = performance.now()
  const value = work()
  return { value, ms: performance.now() - started }
}

/** For the script that drives this page. */
const flame = {
  panel,
  told,
  async show(name: string, state: Partial<FlameState>): Promise<void> {
    document.documentElement.dataset['theme'] = state.theme ?? 'light'
    panel.setState(state)
    panel.setTree(decodeCallTree(await fetchFrame(name)))
    await nextFrame()
    await nextFrame()
  },
  /** The token of the call at a path of functions. */
  tokenOf(path: string[]): string {
    const tree = panel.drawn
    if (tree === null) throw new Error('nothing is drawn')
    let node = 0
    for (const name of path) {
      let child = node + 1
      while (child < tree.end[node] && tree.frames[tree.frame[child]].function !== name) child = tree.end[child]
      if (child >= tree.end[node]) throw new Error(`nothing calls ${name}`)
      node = child
    }
    return new CallTreeTokens(tree).of(node)
  },
  async measure(names: string[]) {
    const all = await Promise.all(names.map(fetchFrame))
    const decodes = all.map((bytes) => timed(() => decodeCallTree(bytes)))
    const trees: CallTree[] = decodes.map(({ value }) => value)
    const layouts = trees.map((tree) => timed(() => layOut(tree, 'liveBytes')).ms)
    const searches = trees.map((tree) => timed(() => search(tree, 'component31')?.sum('liveBytes')).ms)
    panel.setState({ theme: 'light' })
    const firstDraw = await drawn(() => { panel.setTree(trees[0]) })
    await nextFrame()
    const updates: number[] = []
    for (const bytes of all.slice(1)) {
      await nextFrame()
      const { value, ms } = timed(() => decodeCallTree(bytes))
      updates.push(ms + await drawn(() => { panel.setTree(value) }))
    }
    const { left, top, width, height } = root.getBoundingClientRect()
    let direction = -1
    let turned = 0
    const zoom = await framesPerSecond(3000, (since) => {
      if (Math.floor(since / 750) !== turned) {
        turned = Math.floor(since / 750)
        direction = -direction
      }
      wheel(left + width * (0.5 + 0.3 * Math.sin(since / 900)), top + height / 2, direction * 40)
    })
    // All of it again with every frame, the worst case: a hair's breadth of zoom in and out.
    panel.setState({ zoom: '' })
    let near = 1
    const full = await framesPerSecond(2500, () => { wheel(left + width / 2, top + height / 2, near = -near) })
    const hover = await framesPerSecond(2000, (since) => {
      move(left + width * (0.5 + 0.4 * Math.sin(since / 300)), top + height * (0.5 + 0.4 * Math.cos(since / 410)), 0)
    })
    press('pointerdown', left + width / 2, top + height / 2)
    const pan = await framesPerSecond(2000, (since) => { drag(left + width * (0.5 + 0.3 * Math.sin(since / 500)), top + height * (0.5 + 0.3 * Math.sin(since / 350))) })
    press('pointerup', left + width / 2, top + height / 2)
    const memory = (performance as Performance & { memory?: { usedJSHeapSize: number } }).memory
    return {
      calls: trees[0].count - 1, bytes: all[0].length, decode: median(decodes.map(({ ms }) => ms)), layout: median(layouts), search: median(searches), firstDraw, update: median(updates),
      zoom, full, hover, pan, heapMiB: (memory?.usedJSHeapSize ?? 0) / 1048576,
    }
  },
}
export type Flame = typeof flame
Object.assign(globalThis, { flame })
