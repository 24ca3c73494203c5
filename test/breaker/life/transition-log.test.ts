import { expect } from 'chai'
import { ControlWords, State } from '../../../src/breaker/life/control-word.js'
import { type Life, Reason, TransitionLog } from '../../../src/breaker/life/transition-log.js'
import { resolveOptions } from '../../../src/breaker/resolve-options.js'
import { MemoryMap, RECORDS_PER_SLOT } from '../../../src/breaker/storage/memory-map.js'
import { initializeRegion } from '../../../src/breaker/storage/region.js'
import { SharedCircuitBreaker } from '../../../src/index.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { FakeClock } from '../../fake-clock.js'
import { drive } from '../driver.js'

/** Cells that note which of them were written, in order. */
class NotedCells extends AtomicCells {
  readonly written: number[] = []
  override store(index: number, value: number): void {
    this.written.push(index)
    super.store(index, value)
  }
  override compareExchange(index: number, expected: number, replacement: number): number {
    const found = super.compareExchange(index, expected, replacement)
    if (found === expected) this.written.push(index)
    return found
  }
}

function emptyLog(sequence = 0) {
  const { configuration, sizes } = resolveOptions({ name: 'logged', maxThreads: 2 })
  const map = new MemoryMap(0, sizes)
  const cells = new NotedCells(new SharedArrayBuffer(map.size * 4))
  const words = new ControlWords(map.sizes.slots)
  initializeRegion(cells, map, configuration, { state: State.closed, sequence, beganMs: 0, retryAtMs: 0, attempt: 0 })
  const log = new TransitionLog(cells, map, words)
  return { map, cells, words, log, first: cells.load(map.control) }
}

function lifeAfter(previous: number, words: ControlWords, slot: number): Life {
  const life = words.next(previous, State.open, slot)
  return {
    life,
    previous,
    reason: Reason.manual,
    beganMs: 1.5,
    retryAtMs: 2 ** 40,
    attempt: 1,
    configuration: 0,
    calls: 7,
    failures: 3,
    slow: 0,
  }
}

describe('transition log', () => {
  it('gives back what was written, to the microsecond', () => {
    const { log, words, first } = emptyLog()
    const life = lifeAfter(first, words, 1)
    log.write(life)
    expect(log.read(life.life)).to.deep.equal(life)
  })

  it('lists the lives after a given one, oldest first, whichever slots began them', () => {
    const { log, words, first } = emptyLog()
    const lives: Life[] = []
    for (let previous = first, count = 0; count < 5; count++) {
      const life = lifeAfter(previous, words, count % 2)
      log.write(life)
      lives.push(life)
      previous = life.life
    }
    const last = lives.at(-1)?.life ?? 0
    expect(log.between(first, last)).to.deep.equal({ lives, lost: 0 })
  })

  it('says how many were overwritten', () => {
    const { log, words, first } = emptyLog()
    let previous = first
    for (let count = 0; count < RECORDS_PER_SLOT + 3; count++) {
      const life = lifeAfter(previous, words, 0)
      log.write(life)
      previous = life.life
    }
    const { lives, lost } = log.between(first, previous)
    expect(lives).to.have.length(RECORDS_PER_SLOT)
    expect(lost).to.equal(3)
  })

  it('counts on over the wrap of the sequence number', () => {
    const { log, words, first } = emptyLog(2 ** 28 - 1)
    const life = lifeAfter(first, words, 0)
    log.write(life)
    expect(words.sequenceOf(life.life)).to.equal(0)
    expect(log.between(first, life.life)).to.deep.equal({ lives: [life], lost: 0 })
  })

  it('never touches the record of the life in force when the next is proposed', () => {
    const { log, words, first, cells } = emptyLog()
    const current = lifeAfter(first, words, 0)
    log.write(current)
    for (let attempt = 0; attempt < 3; attempt++) log.write(lifeAfter(current.life, words, 0))
    expect(log.read(current.life)).to.deep.equal(current)
    expect(cells.written).not.to.equal(undefined)
  })

  it('writes a life’s deadline before the control word that makes it visible', () => {
    const { breaker, fail } = drive({ minimumCalls: 1 })
    const original = AtomicCells.prototype.compareExchange
    const seen: (number | undefined)[] = []
    AtomicCells.prototype.compareExchange = function (this: AtomicCells, index, expected, replacement) {
      if ((replacement & 7) === State.open && (expected & 7) !== State.open) {
        const map = new MemoryMap(0, { slots: 8, leases: 10, buckets: 10, ring: 0, seats: 0, events: 128 })
        seen.push(new TransitionLog(this, map, new ControlWords(8)).read(replacement)?.retryAtMs)
      }
      return original.call(this, index, expected, replacement)
    }
    try {
      fail(1)
    } finally {
      AtomicCells.prototype.compareExchange = original
    }
    expect(seen).to.deep.equal([breaker.snapshot().retryAtMs])
  })
})

describe('epoch', () => {
  it('wraps without harm: the circuit opens, probes and closes across it', () => {
    const { configuration, sizes } = resolveOptions({
      name: 'wrapping',
      maxThreads: 2,
      minimumCalls: 1,
      waitDurationInOpenStateMs: 10,
    })
    const map = new MemoryMap(0, sizes)
    const cells = AtomicCells.allocate(map.size)
    const clock = new FakeClock()
    const now = clock.nowMs()
    const beginning = { state: State.closed, sequence: 2 ** 28 - 2, beganMs: now, retryAtMs: now, attempt: 0 }
    initializeRegion(cells, map, configuration, beginning)
    const breaker = SharedCircuitBreaker.attach({ name: 'wrapping', buffer: cells.buffer, firstCell: 0 }, {}, { clock })
    const epochs: number[] = []
    breaker.onTransition(({ epoch, lost }) => epochs.push(epoch + lost))
    for (let round = 0; round < 2; round++) {
      breaker.onError(breaker.tryAcquirePermission())
      clock.pass(10)
      for (let probe = 0; probe < 6; probe++) breaker.onSuccess(breaker.tryAcquirePermission())
    }
    expect(breaker.state).to.equal('closed')
    expect(epochs).to.deep.equal([2 ** 28 - 1, 0, 1, 2, 3, 4])
  })
})
