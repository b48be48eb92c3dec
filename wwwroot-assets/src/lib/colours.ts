// The colours of categories and signs in both themes: the one place where they stand. The build makes CSS custom properties from
// them (tools/colour-properties.mjs), so pages and canvases cannot differ.

export type Theme = 'light' | 'dark'

/** A colour as #RRGGBB. */
export type Hex = `#${string}`

/** The categories by their value in the format (docs/formats.md); 0 is never a row. */
export const categoryNames = [
  'Unspecified', 'Image', 'Mapped File', 'Shareable', 'Heap', 'Managed Heap', 'Stack', 'Private Data', 'Page Table', 'Unusable', 'Free',
] as const

export const Category = { image: 1, mappedFile: 2, shareable: 3, heap: 4, managedHeap: 5, stack: 6, privateData: 7, pageTable: 8, unusable: 9, free: 10 } as const

/** Chosen so that the nearest two of a theme stay apart under normal, deuteranopic, protanopic and tritanopic sight. */
export const categoryColours: Readonly<Record<Theme, readonly Hex[]>> = {
  light: ['#818991', '#8446CD', '#5FC5FD', '#1A30DC', '#2E6B3C', '#96CB93', '#D36112', '#F3D46C', '#6D1356', '#818991', '#E9EDF2'],
  dark: ['#7A828D', '#9332E0', '#92DEFF', '#085C98', '#44AB6C', '#C7ECC6', '#EF8505', '#EDE27A', '#DD0C2E', '#7A828D', '#232A34'],
}

/** Colours that are no category's. */
export interface Signs {
  readonly surface: Hex
  readonly text: Hex
  readonly muted: Hex
  readonly line: Hex
  readonly accent: Hex
  readonly growth: Hex
  readonly shrinkage: Hex
  readonly warning: Hex
}

export const signs: Readonly<Record<Theme, Signs>> = {
  light: { surface: '#FFFFFF', text: '#16202C', muted: '#56657A', line: '#D9DFE7', accent: '#5B2FD1', growth: '#C2410C', shrinkage: '#1D4ED8', warning: '#9A5B00' },
  dark: { surface: '#161B22', text: '#E6EBF2', muted: '#98A4B5', line: '#2B333E', accent: '#A58BFF', growth: '#FB8F44', shrinkage: '#7EB0FF', warning: '#F0B429' },
}

/** The name of a category's custom property, for example --wvm-mapped-file. */
export const categoryProperty = (category: number): string => `--wvm-${categoryNames[category].toLowerCase().replace(' ', '-')}`

/**
 * Style rules with every colour as a custom property, once for both themes: light-dark() chooses by color-scheme where the
 * colour is used. A page says which theme it is in by data-theme on any element (on <html> for the whole page); without it
 * the system's wish holds.
 */
export function toCss(): string {
  const both = (name: string, of: (theme: Theme) => Hex) => `${name}:light-dark(${of('light')},${of('dark')})`
  const properties = categoryNames.flatMap((_, category) =>
    category === 0 ? [] : [
      both(categoryProperty(category), (theme) => categoryColours[theme][category]),
      both(`${categoryProperty(category)}-text`, (theme) => textOn(categoryColours[theme][category])),
    ])
  for (const name of Object.keys(signs.light) as (keyof Signs)[]) properties.push(both(`--wvm-${name}`, (theme) => signs[theme][name]))
  return [
    `:root{color-scheme:light dark;${properties.join(';')}}`,
    '[data-theme="light"]{color-scheme:light}',
    '[data-theme="dark"]{color-scheme:dark}',
  ].join('\n')
}

/** Red, green and blue, 0 to 255. */
export function channels(colour: Hex): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

export function fromChannels(red: number, green: number, blue: number): Hex {
  const value = (Math.round(red) << 16) | (Math.round(green) << 8) | Math.round(blue)
  return `#${value.toString(16).padStart(6, '0').toUpperCase()}`
}

/** Between two colours: share 0 is the first, 1 the second. */
export function mix(first: Hex, second: Hex, share: number): Hex {
  const a = channels(first)
  const b = channels(second)
  return fromChannels(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)
}

/** Relative luminance, 0 to 1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
export function luminance(colour: Hex): number {
  const [red, green, blue] = channels(colour).map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrast(first: Hex, second: Hex): number {
  const a = luminance(first)
  const b = luminance(second)
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Black or white, whichever reads better on a box. */
export function textOn(colour: Hex): Hex {
  return contrast(colour, '#000000') >= contrast(colour, '#FFFFFF') ? '#000000' : '#FFFFFF'
}
