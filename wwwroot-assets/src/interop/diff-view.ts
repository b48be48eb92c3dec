// The treemap and address map of a comparison, for Blazor. The difference comes once, as a stream of bytes; after that only the page's
// state comes in and chosen tokens go out.
import { decodeDiff } from '../lib/diff.ts'
import type { ViewState } from '../lib/view-state.ts'
import { DiffSubject } from '../render/diff-subject.ts'
import { RegionsPanel } from '../render/regions-panel.ts'
import { type DotNetObject, notify } from './dotnet.ts'

/** Blazor's DotNetStreamReference. */
interface ByteStream { arrayBuffer(): Promise<ArrayBuffer> }

export interface View {
  /** Takes over what changed of the state. */
  update(partial: Partial<ViewState>): void
  dispose(): void
}

/** A zoom is told when it has rested for this long. */
const zoomRestMs = 250

/** Builds the view inside root, which gives it its size. */
export async function create(root: HTMLElement, dotnet: DotNetObject, stream: ByteStream, state: Partial<ViewState>): Promise<View> {
  const subject = new DiffSubject(decodeDiff(new Uint8Array(await stream.arrayBuffer())))
  let zoomTimer: ReturnType<typeof setTimeout> | undefined
  let lastZoom = state.zoom ?? ''
  const told = new Set<string>()
  const panel = new RegionsPanel(root, {
    selected: (token) => { notify(dotnet, 'OnSelect', token) },
    zoomed: (token) => {
      lastZoom = token
      clearTimeout(zoomTimer)
      zoomTimer = setTimeout(() => {
        told.add(token)
        notify(dotnet, 'OnZoom', token)
      }, zoomRestMs)
    },
  }, subject)
  panel.setState(state)
  panel.setSample(subject.shown)
  return {
    update({ zoom, ...partial }) {
      // The page repeats a zoom that it was told of; by then the person may have zoomed on.
      const isEcho = zoom !== undefined && told.delete(zoom) && zoom !== lastZoom
      panel.setState(zoom === undefined || isEcho ? partial : { ...partial, zoom })
      if (zoom !== undefined && !isEcho) lastZoom = zoom
    },
    dispose() {
      clearTimeout(zoomTimer)
      panel.dispose()
    },
  }
}
