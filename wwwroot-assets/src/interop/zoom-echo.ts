// What the picture and its page tell each other of the zoom, so that a late answer does not take the person back.
import { type DotNetObject, notify } from './dotnet.ts'

/** A zoom is told when it has rested for this long. */
const restMs = 250

export class ZoomEcho {
  readonly #dotnet: DotNetObject
  readonly #told = new Set<string>()
  #last: string
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(dotnet: DotNetObject, first: string | undefined) {
    this.#dotnet = dotnet
    this.#last = first ?? ''
  }

  /** The person zoomed: the page is told once it rests. */
  zoomed(token: string): void {
    this.#last = token
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#told.add(token)
      notify(this.#dotnet, 'OnZoom', token)
    }, restMs)
  }

  /** What of the page's state the picture has to follow: all of it but a zoom that the page only repeats. */
  follow<T extends { zoom?: string }>(state: T): T | Omit<T, 'zoom'> {
    const { zoom, ...rest } = state
    if (zoom === undefined) return rest
    // The page repeats a zoom that it was told of; by then the person may have zoomed on.
    if (this.#told.delete(zoom) && zoom !== this.#last) return rest
    this.#last = zoom
    return state
  }

  dispose(): void { clearTimeout(this.#timer) }
}
