// The frames of one process, stored snapshot or recording, decoded once for all views of it on a page.
import { backoff } from '../lib/backoff.ts'
import type { Outcome } from '../lib/frame.ts'

/** A live process; start is its start stamp in decimal digits, "0" for whichever process has the id. */
export interface ProcessSource { readonly host: string, readonly pid: number, readonly start: string, readonly intervalMs: number }
/** A stored snapshot. */
export interface SnapshotSource { readonly snapshot: string }
/** What a share link shows, by its secret. */
export interface ShareSource { readonly share: string }
/** A recording, or what a share link shows of one. */
export type CallTreeOwner = { readonly recording: string } | ShareSource
/** The call tree of a span of a recording, by the words of its page's address. */
export type CallTreeSource = CallTreeOwner & { readonly tree: string }
export type Source = ProcessSource | SnapshotSource | ShareSource | CallTreeSource

/** Whether there may always be more of it: what ended was cut off, and is opened again. */
const isEndless = (source: Source): boolean => 'host' in source

export interface SourceStatus {
  /** Frames can arrive. */
  readonly connected: boolean
  /** This page was too slow, so the hub skipped frames; ends when a frame follows another one without a skip. */
  readonly lagging: boolean
  /** One sentence when something is wrong, else ''. */
  readonly message: string
}

/** A moment of a source; the sequence tells one from another. */
export interface Moment { readonly sequence: number }

/** Holds the state of one stream. */
export interface Decoder<T extends Moment> {
  readonly current: T | null
  /** Takes a frame over; "gap" when frames before it are missing. Throws when it breaks the format. */
  apply(bytes: Uint8Array): Outcome
}

export interface Listener<T extends Moment> {
  onSample(sample: T): void
  onStatus(status: SourceStatus): void
}

/** One stream of frames. `failed` is '' when the stream ended as it should. */
export interface StreamEvents {
  frame(bytes: Uint8Array): void
  ended(failed: string): void
}

/** What frames come over; the product's is SignalR (signalr-transport.ts). */
export interface Transport {
  /** Opens a stream and returns what closes it. */
  open(source: Source, events: StreamEvents): () => void
}

/** Frames of one byte that are none. */
const nothingNew = 0
const framesSkipped = 1

/** One source's stream, kept open while somebody listens. A listener that comes later gets the newest sample at once. */
export class LiveSource<T extends Moment> {
  readonly #source: Source
  readonly #transport: Transport
  readonly #makeDecoder: () => Decoder<T>
  readonly #listeners = new Set<Listener<T>>()
  #decoder: Decoder<T>
  #close: (() => void) | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #attempt = 0
  #status: SourceStatus = { connected: false, lagging: false, message: '' }

  constructor(source: Source, transport: Transport, makeDecoder: () => Decoder<T>) {
    this.#source = source
    this.#transport = transport
    this.#makeDecoder = makeDecoder
    this.#decoder = makeDecoder()
  }

  get isIdle(): boolean {
    return this.#listeners.size === 0
  }

  listen(listener: Listener<T>): () => void {
    this.#listeners.add(listener)
    listener.onStatus(this.#status)
    if (this.#decoder.current !== null) listener.onSample(this.#decoder.current)
    if (this.#listeners.size === 1) this.#open()
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
      clearTimeout(this.#retry)
      this.#close?.()
      this.#close = null
    }
  }

  #open(): void {
    // A stream begins with a key frame, so nothing of the last one is needed but the picture that is shown until then.
    let isOver = false
    let decoder = this.#makeDecoder()
    const close = this.#transport.open(this.#source, {
      frame: (bytes) => {
        if (isOver) return
        try {
          decoder = this.#take(bytes, decoder)
        } catch (error) {
          isOver = true
          close()
          this.#ended(error instanceof Error ? error.message : String(error))
        }
      },
      ended: (failed) => {
        if (isOver) return
        isOver = true
        this.#ended(failed)
      },
    })
    this.#close = () => {
      isOver = true
      close()
    }
  }

  #take(bytes: Uint8Array, decoder: Decoder<T>): Decoder<T> {
    if (bytes.length === 1 && (bytes[0] === nothingNew || bytes[0] === framesSkipped)) {
      // Nothing new is no proof of having caught up.
      this.#setStatus({ connected: true, lagging: bytes[0] === framesSkipped || this.#status.lagging, message: '' })
      return decoder
    }
    const before = decoder.current?.sequence
    if (decoder.apply(bytes) === 'gap') {
      // The hub sends a key frame after what it skipped; until then the last picture stays.
      this.#setStatus({ connected: true, lagging: true, message: '' })
      return decoder
    }
    this.#attempt = 0
    const isLagging = before !== undefined && decoder.current?.sequence !== before + 1
    this.#decoder = decoder
    const sample = decoder.current
    if (sample !== null) for (const listener of this.#listeners) listener.onSample(sample)
    this.#setStatus({ connected: true, lagging: isLagging, message: '' })
    return decoder
  }

  #ended(failed: string): void {
    this.#close = null
    if (failed === '' && !isEndless(this.#source)) return
    this.#setStatus({ connected: false, lagging: false, message: failed })
    if (this.isIdle) return
    this.#retry = setTimeout(() => { this.#open() }, backoff(++this.#attempt))
  }

  #setStatus(status: SourceStatus): void {
    const { connected, lagging, message } = this.#status
    if (connected === status.connected && lagging === status.lagging && message === status.message) return
    this.#status = status
    for (const listener of this.#listeners) listener.onStatus(status)
  }
}
