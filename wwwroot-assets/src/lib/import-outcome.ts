// What the hub's answer to a file means for the one who opened it.

/** A snapshot that the hub keeps now. */
export interface Imported { readonly id: string, readonly title: string }

export type ImportOutcome =
  | { readonly kind: 'kept', readonly snapshots: readonly Imported[] }
  | { readonly kind: 'refused', readonly reason: string }

interface Answer {
  readonly snapshots?: readonly { readonly id?: unknown, readonly takenAt?: unknown, readonly process?: { readonly name?: unknown, readonly pid?: unknown } }[]
  readonly detail?: unknown
}

const text = (value: unknown): string => typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function parsed(body: string): Answer {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** Reads an answer of POST /api/v1/snapshots/import; status 0 is no answer at all. */
export function importOutcome(status: number, body: string): ImportOutcome {
  const answer = parsed(body)
  if (status === 201) {
    const snapshots = (answer.snapshots ?? []).map((snapshot) => ({
      id: text(snapshot.id),
      title: `${text(snapshot.process?.name)} at ${text(snapshot.takenAt).replace('T', ' ').slice(0, 19)}`,
    })).filter((snapshot) => snapshot.id !== '')
    if (snapshots.length > 0) return { kind: 'kept', snapshots }
  }
  if (status === 0) return { kind: 'refused', reason: 'The hub cannot be reached: check the connection and open the file again.' }
  if (status === 401) return { kind: 'refused', reason: 'You are not signed in any more: sign in and open the file again.' }
  return { kind: 'refused', reason: text(answer.detail) || `The hub answered ${String(status)}: open the file again, and see its log if that happens again.` }
}

/** Why a file need not be sent at all, or ''. */
export function tooLarge(name: string, bytes: number, maxBytes: number): string {
  if (bytes <= maxBytes) return ''
  return `'${name}' is larger than the ${String(Math.floor(maxBytes / 1048576))} MiB that are read. Save it as .wvm, which takes a few bytes a region.`
}
