// Two ways to fill rectangles by the thousand, in device pixels. Up to about 20,000 the canvas's own fillRect is fine; above that its
// cost per call is what a frame spends, and writing the pixels into an image is several times faster.
import type { Palette } from '../lib/palette.ts'

export interface Painter {
  begin(palette: Palette): void
  /** Fills left..right, top..bottom: whole pixels, inside the canvas. */
  rect(left: number, top: number, right: number, bottom: number, colour: number): void
  end(): void
}

export class FillPainter implements Painter {
  readonly #context: CanvasRenderingContext2D
  #css: readonly string[] = []
  #last = -1

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context
  }

  begin(palette: Palette): void {
    const { width, height } = this.#context.canvas
    this.#css = palette.css
    this.#last = -1
    this.#context.fillStyle = palette.surface
    this.#context.fillRect(0, 0, width, height)
  }

  rect(left: number, top: number, right: number, bottom: number, colour: number): void {
    if (colour !== this.#last) {
      this.#last = colour
      this.#context.fillStyle = this.#css[colour]
    }
    this.#context.fillRect(left, top, right - left, bottom - top)
  }

  end(): void { /* every rectangle is on the canvas already */ }
}

export class RasterPainter implements Painter {
  readonly #context: CanvasRenderingContext2D
  #image: ImageData | null = null
  #pixels = new Uint32Array(0)
  #colours: Uint32Array = new Uint32Array(0)
  #stride = 0

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context
  }

  begin(palette: Palette): void {
    const { width, height } = this.#context.canvas
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = this.#context.createImageData(width, height)
      this.#pixels = new Uint32Array(this.#image.data.buffer)
      this.#stride = width
    }
    this.#colours = palette.pixels
    const surface = Number.parseInt(palette.surface.slice(1), 16)
    this.#pixels.fill((255 << 24 | (surface & 255) << 16 | surface & 0xff00 | surface >> 16) >>> 0)
  }

  rect(left: number, top: number, right: number, bottom: number, colour: number): void {
    const pixels = this.#pixels
    const stride = this.#stride
    const value = this.#colours[colour]
    if (right - left < 16) {
      for (let row = top * stride; row < bottom * stride; row += stride) {
        for (let at = row + left; at < row + right; at++) pixels[at] = value
      }
    } else {
      for (let row = top * stride; row < bottom * stride; row += stride) pixels.fill(value, row + left, row + right)
    }
  }

  end(): void {
    if (this.#image !== null) this.#context.putImageData(this.#image, 0, 0)
  }
}
