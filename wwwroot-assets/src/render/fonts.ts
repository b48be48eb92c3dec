// The faces of the pictures, in device pixels: system fonts, nothing is fetched.
import { TextFitter } from './text-fitter.ts'

const sans = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif'
const mono = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

export interface Fonts {
  readonly label: TextFitter
  readonly strong: TextFitter
  readonly mono: TextFitter
  readonly small: TextFitter
}

export const makeFonts = (context: CanvasRenderingContext2D, ratio: number): Fonts => ({
  label: new TextFitter(context, `${11 * ratio}px ${sans}`),
  strong: new TextFitter(context, `600 ${11 * ratio}px ${sans}`),
  mono: new TextFitter(context, `${10.5 * ratio}px ${mono}`),
  small: new TextFitter(context, `${10 * ratio}px ${sans}`),
})
