import { expect } from 'chai'
import { EventKind } from '../../../src/breaker/events/event.js'
import { EventLog, type Reading } from '../../../src/breaker/events/event-log.js'
import { dieAt, End, interrupt, memory } from './rig.js'

const LIFE = 1

function two(changed = {}) {
  const shared = memory(changed)
  return { ...shared, one: new End(shared.handle), other: new End(shared.handle) }
}

/** An event whose fields all follow from one number, so that a mixture of two shows. */
function emit(end: End, number: number): void {
  end.log.emit(EventKind.success, number, number, number)
}

function entry(number: number, slot = 0): Reading {
  return { kind: EventKind.success, slot, life: number, atMs: number, durationMs: number }
}

/** Whether a reading is whole, that is one number's throughout, or says that there is none. */
function isWhole(reading: Reading): boolean {
  return typeof reading === 'string' || (reading.life === reading.atMs && reading.life === reading.durationMs)
}

describe('event log', () => {
  it('gives back what was told of, to the microsecond, in the order of all threads', () => {
    const { one, other } = two()
    one.log.emit(EventKind.error, LIFE, 2 ** 40 + 0.125, 1.002)
    other.log.emit(EventKind.leaseReclaimed, LIFE, 7, -1, 3)
    other.log.emit(EventKind.success, LIFE, 7, 3_600_000)
    one.log.emit(EventKind.success, LIFE, 7, 0)
    one.log.emit(EventKind.success, LIFE, 7, Number.POSITIVE_INFINITY)
    expect([0, 1, 2, 3, 4].map((position) => other.log.read(position))).to.deep.equal([
      { kind: EventKind.error, slot: 0, life: LIFE, atMs: 2 ** 40 + 0.125, durationMs: 1.002 },
      { kind: EventKind.leaseReclaimed, slot: 3, life: LIFE, atMs: 7, durationMs: undefined },
      { kind: EventKind.success, slot: 1, life: LIFE, atMs: 7, durationMs: 3_600_000 },
      { kind: EventKind.success, slot: 0, life: LIFE, atMs: 7, durationMs: 0 },
      { kind: EventKind.success, slot: 0, life: LIFE, atMs: 7, durationMs: 2 ** 31 - 1 },
    ])
  })

  it('says that an event was overwritten, and reads the last as many as it can hold', () => {
    const { one } = two()
    for (let number = 0; number < 20; number++) emit(one, number)
    expect(one.log.read(3)).to.equal('lost')
    for (let number = 4; number < 20; number++) expect(one.log.read(number)).to.deep.equal(entry(number))
  })

  it('counts on over the wrap of positions', () => {
    const { one, cells, map } = two()
    for (const start of [-20, 2 ** 31 - 20]) {
      cells.store(map.eventHead, start)
      for (let number = 0; number < 40; number++) emit(one, number)
      expect(one.log.read(start + 3)).to.equal('lost')
      for (let number = 24; number < 40; number++) {
        expect(one.log.read((start + number) | 0)).to.deep.equal(entry(number))
      }
    }
  })

  it('never shows an event before it is whole: at each step it is pending, or can be read', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other, map } = two()
      let seen: Reading | undefined
      more = interrupt(
        one.cells,
        step,
        () => emit(one, 5),
        () => {
          if (other.cells.load(map.eventHead) === 1) seen = other.log.read(0)
        },
      )
      expect(seen === undefined || seen === 'pending' || isWhole(seen), `step ${step}`).to.equal(true)
      expect(seen).not.to.equal('lost')
      expect(other.log.read(0)).to.deep.equal(entry(5))
    }
  })

  it('wakes those who wait only once the event can be read', () => {
    const { one, other, map } = two()
    const seen: Reading[] = []
    const notify = one.cells.notify
    one.cells.notify = (index, count) => {
      if (index === map.eventHead) seen.push(other.log.read(0))
      return notify.call(one.cells, index, count)
    }
    emit(one, 5)
    expect(seen).to.deep.equal([entry(5)])
  })

  it('is looked at once more when its writer has finished between two steps of the reading', () => {
    const { one, other } = two()
    let seen: Reading | undefined
    interrupt(
      other.cells,
      1,
      () => {
        seen = other.log.read(0)
      },
      () => emit(one, 5),
    )
    expect(seen).to.deep.equal(entry(5))
  })

  it('is read by nobody torn, however far others get between two steps of the reading', () => {
    for (let step = 1, more = true; more; step++) {
      for (const laps of [1, 15, 16, 17, 32]) {
        const { one, other } = two()
        for (let number = 0; number < 16; number++) emit(one, number)
        let seen: Reading = 'lost'
        more = interrupt(
          other.cells,
          step,
          () => {
            seen = other.log.read(0)
          },
          () => {
            for (let number = 16; number < 16 + laps; number++) emit(one, number)
          },
        )
        expect(isWhole(seen), `step ${step}, ${laps} more`).to.equal(true)
        if (typeof seen !== 'string') expect(seen).to.deep.equal(entry(0))
      }
    }
  })

  it('lets a slow writer tear nothing that another wrote a lap or two later, at whatever step it stood still', () => {
    for (let step = 1, more = true; more; step++) {
      for (const events of [1, 16, 17, 33]) {
        const { one, other } = two()
        for (let number = 0; number < 16; number++) emit(one, number)
        let steps = 0
        one.cells.onStep = () => {
          steps += 1
          for (let number = 0; steps === step && number < events; number++) emit(other, 2000 + number)
          for (let back = 1; steps >= step && back <= 16; back++) {
            expect(isWhole(other.log.read(other.log.head - back)), `step ${steps} after ${step}`).to.equal(true)
          }
        }
        emit(one, 1000)
        one.cells.onStep = undefined
        more = steps >= step
        const from = other.log.head - 16
        const readings = Array.from({ length: 16 }, (_, index) => other.log.read(from + index))
        expect(readings.every(isWhole), `step ${step}, ${events} more`).to.equal(true)
        // One may be missing: that for which the entry was not free.
        expect(readings.filter((reading) => reading === 'lost').length, `step ${step}`).to.be.at.most(1)
        for (let number = 0; number < 16; number++) emit(other, number)
        for (let number = 0; number < 16; number++) {
          expect(other.log.read(other.log.head - 16 + number), 'later').to.deep.equal(entry(number, 1))
        }
      }
    }
  })

  it('keeps a position open while its writer may still write it, and gives it up once that one’s death was seen', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other } = two()
      more = dieAt(one.cells, step, () => emit(one, 5))
      emit(other, 6)
      const taken = other.log.head === 2
      const before = taken ? other.log.read(0) : undefined
      expect(before === 'lost', `step ${step}`).to.equal(false)
      releaseFor(other, one)
      const after = taken ? other.log.read(0) : undefined
      expect(after === 'pending', `step ${step}`).to.equal(false)
      if (typeof before === 'object') expect(after).to.deep.equal(before)
      expect(other.log.read(taken ? 1 : 0)).to.deep.equal(entry(6, 1))
      // The entry is of use again.
      for (let number = 0; number < 17; number++) emit(other, number)
      for (let number = 1; number < 17; number++) {
        expect(other.log.read(other.log.head - 17 + number), `step ${step}`).to.deep.equal(entry(number, 1))
      }
    }
  })

  it('waits for nobody in a slot whose last thread died', () => {
    for (let step = 1, more = true; more; step++) {
      const { one, other, handle } = two()
      more = dieAt(one.cells, step, () => emit(one, 5))
      releaseFor(other, one)
      const next = new End(handle)
      expect(next.claim.slot).to.equal(one.claim.slot)
      if (other.log.head === 1) expect(other.log.read(0), `step ${step}`).not.to.equal('pending')
    }
  })

  it('waits for no writer that has moved on to a later event', () => {
    const { one, other, cells, map } = two()
    cells.add(map.eventHead, 1)
    expect(other.log.read(0)).to.equal('lost')
    cells.add(map.eventHead, 1)
    let seen: Reading[] = []
    interrupt(
      one.cells,
      2,
      () => emit(one, 5),
      () => {
        seen = [other.log.read(0), other.log.read(1)]
      },
    )
    expect(seen).to.deep.equal(['lost', 'lost'])
  })

  it('tells whoever wrote of it, and is silent once retired', () => {
    const { one } = two()
    const told: unknown[] = []
    one.log.onEmit = (...event) => told.push(event)
    one.log.emit(EventKind.stale, LIFE, 1, -1)
    one.log.retire()
    one.log.emit(EventKind.stale, LIFE, 2, -1)
    expect(told).to.deep.equal([[EventKind.stale, LIFE, 1, -1, 0]])
    expect(one.log.head).to.equal(1)
  })

  it('is not emptied by an end that attaches later', () => {
    const { one, handle } = two()
    emit(one, 5)
    const late = new End(handle)
    expect(new EventLog(late.cells, late.map, late.claim.slot).read(0)).to.deep.equal(entry(5))
  })
})

/** What the thread does that saw another's exit. */
function releaseFor(survivor: End, dead: End): void {
  dead.cells.onStep = undefined
  expect(survivor).not.to.equal(dead)
  dead.release()
}
