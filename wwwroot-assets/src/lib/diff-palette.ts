// The colours of a comparison: diverging for what changed, greys for what did not, and the categories' own on either side.
import { type Hex, type Theme, categoryNames, channels, mix, signs, textOn } from './colours.ts'
import { type Palette, dimmed, gapColour, headerColour, makePalette } from './palette.ts'

/** Places in the palette that categories do not use; each has its dimmed twin. */
export const DiffColour = { growth: 48, shrinkage: 49, same: 50, growthPale: 51, shrinkagePale: 52, changed: 53 } as const

/** What changed, in the colours of a theme. */
export function diffColours(theme: Theme): Readonly<Record<keyof typeof DiffColour, Hex>> {
  const { growth, shrinkage, surface, muted } = signs[theme]
  return {
    growth,
    shrinkage,
    same: mix(muted, surface, theme === 'light' ? 0.76 : 0.74),
    growthPale: mix(growth, surface, 0.62),
    shrinkagePale: mix(shrinkage, surface, 0.72),
    changed: mix(muted, surface, 0.45),
  }
}

/** The palette of a side. Between the sides headers are grey: what has a colour there has changed. */
export function makeDiffPalette(isDifference: boolean, theme: Theme): Palette {
  const base = makePalette('category', theme)
  const css = [...base.css]
  const { surface, muted } = signs[theme]
  const own = diffColours(theme)
  for (const [name, at] of Object.entries(DiffColour)) {
    const colour = own[name as keyof typeof DiffColour]
    css[at] = colour
    css[dimmed + at] = mix(colour, surface, 0.82)
  }
  if (isDifference) {
    categoryNames.forEach((_, category) => {
      css[headerColour(category, false)] = mix(muted, surface, theme === 'light' ? 0.55 : 0.5)
      css[headerColour(category, true)] = mix(muted, surface, 0.85)
      css[gapColour(category)] = mix(muted, surface, 0.9)
    })
  }
  return {
    css,
    pixels: Uint32Array.from(css, (colour) => {
      const [red, green, blue] = channels(colour as Hex)
      return (255 << 24 | blue << 16 | green << 8 | red) >>> 0
    }),
    text: css.map((colour) => textOn(colour as Hex)),
    surface,
  }
}
