// Cuts texts to a width without measuring each of them: widths of characters are measured once per font.

const ellipsis = '\u2026'

export class TextFitter {
  readonly #context: CanvasRenderingContext2D
  readonly #widths = new Map<string, number>()
  readonly font: string

  constructor(context: CanvasRenderingContext2D, font: string) {
    this.#context = context
    this.font = font
  }

  width(text: string): number {
    let sum = 0
    for (const character of text) sum += this.#widthOf(character)
    return sum
  }

  /** The text, or its beginning and an ellipsis, or '' when not even three characters fit. */
  fit(text: string, room: number): string {
    let width = 0
    let kept = 0
    let keptWidth = 0
    const dots = this.#widthOf(ellipsis)
    let count = 0
    for (const character of text) {
      width += this.#widthOf(character)
      if (width + dots <= room) {
        kept += character.length
        keptWidth = width
        count++
      }
      if (width > room) return count < 3 || keptWidth === 0 ? '' : text.slice(0, kept).trimEnd() + ellipsis
    }
    return text
  }

  /** As fit, but of the name of a library with dots in it the last parts are kept: "...Hosting" says more than "Microsoft.Ext...". */
  fitName(name: string, room: number): string {
    if (!/\.(?:dll|exe)$/i.test(name) || this.width(name) <= room) return this.fit(name, room)
    const parts = name.slice(0, -4).split('.')
    for (let first = 0; first < parts.length; first++) {
      const text = (first === 0 ? '' : ellipsis) + parts.slice(first).join('.')
      if (this.width(text) <= room) return text
    }
    return this.fit(parts[parts.length - 1], room)
  }

  #widthOf(character: string): number {
    let width = this.#widths.get(character)
    if (width === undefined) {
      const before = this.#context.font
      this.#context.font = this.font
      width = this.#context.measureText(character).width
      this.#context.font = before
      // Untrusted names may hold any of a million characters; the fitter keeps the usual ones.
      if (this.#widths.size < 4096) this.#widths.set(character, width)
    }
    return width
  }
}
