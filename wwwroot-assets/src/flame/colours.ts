// The colours of a flame graph: by module, or by how much of what was allocated stays.
import { type Hex, type Theme, channels, mix, signs, textOn } from '../lib/colours.ts'
import type { LegendEntry, Palette } from '../lib/palette.ts'
import { fileName } from '../lib/format.ts'
import { type CallTree, type Figure, selfOf } from './call-tree.ts'

export type FlameColour = 'module' | 'growth'

/** What a search did not find is paler. */
export const dimmed = 64
/** The whole, and code that no module is known of. */
const neutral = 40
/** Growth in tenths, from all freed to all kept. */
const growthSteps = 10

/** The last one is for all modules beyond the others. */
const moduleColours: Readonly<Record<Theme, readonly Hex[]>> = {
  light: ['#8FB8DE', '#F0B36B', '#96CB93', '#D3A4D8', '#E6CF63', '#7CC6B8', '#E79C8F', '#B3A8EA', '#C8B48A', '#9FD3EE', '#E5A3BE', '#C3CBD5'],
  dark: ['#3E6E9E', '#A8651F', '#3F7A47', '#84508C', '#8A7A1E', '#22776B', '#A34F42', '#6357B0', '#756341', '#2C7397', '#98476A', '#56616F'],
}
const neutralColours: Readonly<Record<Theme, Hex>> = { light: '#DDE3EA', dark: '#39434F' }

/** The colours of one mode in one theme, as the painters want them. */
export function makeFlamePalette(mode: FlameColour, theme: Theme): Palette {
  const { surface } = signs[theme]
  const colours: Hex[] = new Array<Hex>(2 * dimmed).fill(neutralColours[theme])
  if (mode === 'module') moduleColours[theme].forEach((colour, i) => { colours[i] = colour })
  else for (let step = -growthSteps; step <= growthSteps; step++) colours[growthSteps + step] = growthColour(step, theme)
  for (let i = 0; i < dimmed; i++) colours[dimmed + i] = mix(colours[i], surface, 0.78)
  return {
    css: colours,
    pixels: Uint32Array.from(colours, (colour) => {
      const [red, green, blue] = channels(colour)
      return (255 << 24 | blue << 16 | green << 8 | red) >>> 0
    }),
    text: colours.map(textOn),
    surface,
  }
}

/** Which colour each module has. A module keeps its colour as long as the view lives, so a live picture does not change its colours. */
export class ModuleColours {
  readonly #indexes = new Map<string, number>()

  /** The colour of each frame. Modules that come first get their colours by how much they allocate themselves. */
  paint(tree: CallTree): Uint8Array {
    const fresh = new Map<string, number>()
    for (const { module } of tree.frames) if (module !== '' && !this.#indexes.has(module)) fresh.set(module, 0)
    if (fresh.size > 0) {
      for (let node = 1; node < tree.count; node++) {
        const { module } = tree.frames[tree.frame[node]]
        const sum = fresh.get(module)
        if (sum !== undefined) fresh.set(module, sum + selfOf(tree, 'allocatedBytes', node))
      }
      const byWeight = [...fresh].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      for (const [module] of byWeight) this.#indexes.set(module, this.#indexes.size)
    }
    return Uint8Array.from(tree.frames, ({ module }) => this.#colourOf(module))
  }

  /** The modules of a tree with colours of their own. */
  legend(tree: CallTree, palette: Palette): LegendEntry[] {
    const present = new Set(tree.frames.map(({ module }) => module))
    const entries: LegendEntry[] = []
    let others = 0
    for (const [module, index] of this.#indexes) {
      if (!present.has(module)) continue
      if (index < moduleColours.light.length - 1) entries.push({ name: fileName(module), colour: palette.css[index] })
      else others++
    }
    if (others > 0) entries.push({ name: others === 1 ? '1 other module' : `${others} other modules`, colour: palette.css[moduleColours.light.length - 1] })
    if (present.has('')) entries.push({ name: 'unknown', colour: palette.css[neutral] })
    return entries
  }

  #colourOf(module: string): number {
    const index = this.#indexes.get(module)
    return index === undefined ? neutral : Math.min(index, moduleColours.light.length - 1)
  }
}

/**
 * How much a node grew, from -1 to 1. Of two spans: 1 when all of it is new, 0 when it is as before, -1 when all of it is gone. Of one, by
 * what was allocated and freed in it: 1 when all of it stays, 0 in balance, -1 when all was freed.
 */
export function growthOf(tree: CallTree, node: number, figure: Figure): number {
  if (tree.before !== null) {
    const [now, before] = [tree.total[figure][node], tree.before[figure][node]]
    return now === before ? 0 : (now - before) / Math.max(now, before)
  }
  const { allocatedBytes, freedBytes } = tree.total
  const most = Math.max(allocatedBytes[node], freedBytes[node])
  return most > 0 ? (allocatedBytes[node] - freedBytes[node]) / most : 0
}

/** The colour of growth. What is there but too little for a tenth is told apart from balance. */
export function growthIndex(growth: number): number {
  const step = growth === 0 ? 0 : Math.sign(growth) * Math.max(1, Math.round(Math.abs(growth) * growthSteps))
  return growthSteps + step
}

export const growthLegend = (palette: Palette, isCompared: boolean): LegendEntry[] => [
  { name: isCompared ? '+ new' : '+ all of it stays', colour: palette.css[2 * growthSteps] },
  { name: isCompared ? 'as before' : 'as much freed as allocated', colour: palette.css[growthSteps] },
  { name: isCompared ? '\u2212 gone' : '\u2212 only freed', colour: palette.css[0] },
]

export const neutralIndex = neutral

function growthColour(step: number, theme: Theme): Hex {
  const { growth, shrinkage } = signs[theme]
  return mix(neutralColours[theme], step > 0 ? growth : shrinkage, Math.abs(step) / growthSteps)
}
