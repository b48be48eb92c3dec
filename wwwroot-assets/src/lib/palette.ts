// The colours of boxes as one table of 256, so that a picture is drawn from one byte per region.
import { type Hex, type Theme, categoryColours, categoryNames, channels, mix, signs, textOn } from './colours.ts'
import { type Platform, type RegionTable, Protection, storedMetrics } from './region-table.ts'
import { protectionClass, protectionClasses } from './protection.ts'

export type ColourMode = 'category' | 'protection' | 'residency'

/** One byte per colour. Boxes that a filter dims have theirs above `dimmed`. */
export interface Palette {
  readonly css: readonly string[]
  /** As ImageData wants them on a little-endian machine: 0xAABBGGRR. */
  readonly pixels: Uint32Array
  /** Black or white, for text on each. */
  readonly text: readonly string[]
  readonly surface: Hex
}

export const dimmed = 96
const structure = 192

/** Shades of a category: writable as it is, read-only slightly darker, executable darker, without access or memory behind it pale. */
export const Shade = { plain: 0, readOnly: 1, executable: 2, pale: 3 } as const
const shades = 4

/** The header and frame of a category; and what shows between its boxes. */
export const headerColour = (category: number, isDimmed: boolean): number => structure + category + (isDimmed ? 32 : 0)
export const gapColour = (category: number): number => structure + 16 + category
/** Threads of free space. */
export const lineColour = 255

/** Residency is shown in tenths. */
export const residencySteps = 11

const protectionColours: Readonly<Record<Theme, readonly Hex[]>> = {
  light: ['#B7BFC9', '#8FB8DE', '#3E7CB8', '#7CC6B8', '#D98E3F', '#B0651A', '#C8323C', '#8A5FBF', '#DDE3EA'],
  dark: ['#4A5462', '#5C88B3', '#8FC1F0', '#5FB3A3', '#E0954A', '#B97430', '#F0616A', '#A98BE0', '#2C343F'],
}
const residencyEnds: Readonly<Record<Theme, readonly [Hex, Hex]>> = { light: ['#E3E8EF', '#0B4F7D'], dark: ['#2A323D', '#7FD0FF'] }

/** The colours of one mode in one theme. */
export function makePalette(mode: ColourMode, theme: Theme): Palette {
  const colours: Hex[] = new Array<Hex>(256).fill('#000000')
  const { surface } = signs[theme]
  const base = baseColours(mode, theme)
  base.forEach((colour, i) => {
    colours[i] = colour
    colours[dimmed + i] = mix(colour, surface, 0.82)
  })
  categoryColours[theme].forEach((colour, category) => {
    const own = mode === 'category' ? colour : mix(colour, signs[theme].muted, 0.35)
    colours[headerColour(category, false)] = own
    colours[headerColour(category, true)] = mix(own, surface, 0.7)
    colours[gapColour(category)] = mix(own, surface, 0.72)
  })
  colours[lineColour] = mix(signs[theme].line, signs[theme].muted, 0.25)
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

function baseColours(mode: ColourMode, theme: Theme): readonly Hex[] {
  if (mode === 'protection') return protectionColours[theme]
  if (mode === 'residency') {
    const [none, all] = residencyEnds[theme]
    return Array.from({ length: residencySteps }, (_, step) => mix(none, all, step / (residencySteps - 1)))
  }
  const { surface } = signs[theme]
  return categoryColours[theme].flatMap((colour) => [colour, mix(colour, '#000000', 0.12), mix(colour, '#000000', 0.3), mix(colour, surface, theme === 'light' ? 0.55 : 0.64)])
}

function shadeOf(protection: number): number {
  if ((protection & Protection.execute) !== 0) return Shade.executable
  if ((protection & Protection.reserved) !== 0 || (protection & (Protection.read | Protection.write | Protection.copyOnWrite)) === 0) return Shade.pale
  return (protection & (Protection.write | Protection.copyOnWrite)) !== 0 ? Shade.plain : Shade.readOnly
}

/** The colour of every row, without dimming. */
export function paintRows(table: RegionTable, mode: ColourMode): Uint8Array {
  const { category, protection } = table.columns
  const paint = new Uint8Array(table.count)
  if (mode === 'protection') {
    for (let row = 0; row < paint.length; row++) paint[row] = protectionClass(protection[row])
  } else if (mode === 'residency') {
    const resident = table.metric('totalWs')
    const size = table.metric('size')
    // What is there but too little for a tenth is told apart from what is not there at all.
    for (let row = 0; row < paint.length; row++) {
      const share = size[row] > 0 ? resident[row] / size[row] : 0
      paint[row] = share > 0 ? Math.max(1, Math.min(residencySteps - 1, Math.round(share * (residencySteps - 1)))) : 0
    }
  } else {
    const shadeOfFlags = Uint8Array.from({ length: 512 }, (_, flags) => shadeOf(flags))
    // Free and unusable space has no protection, and one colour.
    for (let row = 0; row < paint.length; row++) paint[row] = category[row] * shades + (category[row] > 8 ? Shade.plain : shadeOfFlags[protection[row] & 511])
  }
  return paint
}

/** Dims the rows that are not wanted, in place. Returns how many are wanted. */
export function dimRows(paint: Uint8Array, isWanted: (row: number) => boolean): number {
  let wanted = 0
  for (let row = 0; row < paint.length; row++) {
    if (isWanted(row)) wanted++
    else paint[row] += dimmed
  }
  return wanted
}

/** What a colour means, for the legend. */
export interface LegendEntry {
  readonly name: string
  readonly colour: string
}

/** The legend of a picture: only what is in it. */
export function legendOf(table: RegionTable, mode: ColourMode, palette: Palette, platform: Platform, showsFree: boolean): LegendEntry[] {
  if (mode === 'residency') {
    return [
      { name: 'not resident', colour: palette.css[0] },
      { name: 'half', colour: palette.css[5] },
      { name: 'all resident', colour: palette.css[residencySteps - 1] },
    ]
  }
  const { category, protection } = table.columns
  if (mode === 'protection') {
    const present = new Set<number>()
    for (let row = 0; row < table.count; row++) if (category[row] < 9) present.add(protectionClass(protection[row]))
    return protectionClasses.flatMap((name, i) => present.has(i) ? [{ name: i === 8 && platform === 'linux' ? 'No access' : name, colour: palette.css[i] }] : [])
  }
  const present = new Set(category)
  return categoryNames.flatMap((name, i) => i > 0 && (showsFree || i < 9) && present.has(i) ? [{ name, colour: palette.css[i * shades] }] : [])
}

/** What can be asked for as the area of a box. */
export const areaMetrics = ['size', ...storedMetrics, 'totalWs', 'reserved'] as const
