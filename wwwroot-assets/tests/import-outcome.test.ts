import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { importOutcome, tooLarge } from '../src/lib/import-outcome.ts'

const kept = JSON.stringify({ id: 'a', snapshots: [{ id: 'a', takenAt: '2026-11-22T20:00:01.5Z', process: { name: 'node', pid: 7 } }], problems: [] })

describe('importOutcome', () => {
  it('importOutcome_Created_TellsEachSnapshot', () => {
    assert.deepEqual(importOutcome(201, kept), { kind: 'kept', snapshots: [{ id: 'a', title: 'node at 2026-11-22 20:00:01' }] })
  })
  it('importOutcome_Problem_TellsItsDetail', () => {
    assert.deepEqual(importOutcome(422, '{"title":"No snapshot","detail":"It is empty."}'), { kind: 'refused', reason: 'It is empty.' })
  })
  it('importOutcome_NoAnswerOrNotJson_SaysWhatToDo', () => {
    for (const [status, body, expected] of [[0, '', /cannot be reached/], [401, '', /sign in/], [502, '<html>', /answered 502/], [201, '{}', /answered 201/], [500, 'null', /answered 500/]] as const) {
      const outcome = importOutcome(status, body)
      assert.match(outcome.kind === 'refused' ? outcome.reason : '', expected)
    }
  })
})

describe('tooLarge', () => {
  it('tooLarge_AtTheLimit_IsSent', () => { assert.equal(tooLarge('a', 1048576, 1048576), '') })
  it('tooLarge_OneByteMore_SaysSo', () => { assert.match(tooLarge('a', 1048577, 1048576), /^'a' is larger than the 1 MiB/) })
})
