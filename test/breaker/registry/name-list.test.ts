import { expect } from 'chai'
import { NameList } from '../../../src/breaker/registry/name-list.js'
import { initializeRegistry } from '../../../src/breaker/registry/registry-map.js'
import { resolveRegistryOptions } from '../../../src/breaker/registry/registry-options.js'
import { attempt } from '../driver.js'
import { death, SteppedCells } from './stepped-cells.js'

/** A registry without breakers' lives: a creator writes one word into the breaker's memory, and may take longer to. */
function emptyList(capacity: number, maxThreads = 2) {
  const { map, defaults } = resolveRegistryOptions({ capacity, maxThreads })
  const { buffer } = SteppedCells.allocate(map.size)
  initializeRegistry(new SteppedCells(buffer), map, defaults)
  let threads = 0
  return {
    map,
    thread() {
      const id = threads++
      const cells = new SteppedCells(buffer)
      const names = new NameList(cells, map, id)
      const create = (name: string) =>
        names.find(name) ?? names.create(name, (entry) => cells.store(map.breaker(entry), name.charCodeAt(0)))
      const firstWord = (entry: number) => cells.load(map.breaker(entry))
      return { id, cells, names, create, firstWord }
    },
    /** How many entries are somebody's. */
    taken() {
      const cells = new SteppedCells(buffer)
      return Array.from({ length: map.entries }, (_, entry) => cells.load(map.taker(entry))).filter(Boolean).length
    },
  }
}

/** Steps after which a creator has taken an entry, and has not listed it. */
const inTheMiddle = 5

function stepsToCreate(name: string, capacity = 4): number {
  const { cells, create } = emptyList(capacity).thread()
  create(name)
  return cells.steps
}

describe('the list of names', () => {
  it('shows every thread the same entry for a name, and the names in the order of their creation', () => {
    const { thread } = emptyList(4)
    const [first, second] = [thread(), thread()]
    const zulu = first.create('zulu')
    const alpha = second.create('alpha')
    expect(second.names.find('zulu')).to.equal(zulu)
    expect(first.create('alpha')).to.equal(alpha)
    expect([first, second].map(({ names }) => names.names())).to.deep.equal([
      ['zulu', 'alpha'],
      ['zulu', 'alpha'],
    ])
    expect(first.names.find('mike')).to.equal(undefined)
  })

  it('gives one entry to a name that two threads create, wherever one is interrupted by the other', () => {
    for (let step = 0; step < stepsToCreate('same'); step++) {
      const { thread, taken } = emptyList(4)
      const [slow, fast] = [thread(), thread()]
      let theirs: number | undefined
      slow.cells.interrupt(step, () => {
        theirs = fast.create('same')
        expect(fast.firstWord(theirs), 'what is found is whole').to.equal('s'.charCodeAt(0))
      })
      const own = slow.create('same')
      expect(own, `interrupted before step ${step}`).to.equal(theirs)
      expect(slow.firstWord(own)).to.equal('s'.charCodeAt(0))
      expect([slow.names.names(), fast.names.names(), taken()]).to.deep.equal([['same'], ['same'], 1])
    }
  })

  it('gives two entries to two names that two threads create, wherever one is interrupted by the other', () => {
    for (let step = 0; step < stepsToCreate('ours'); step++) {
      const { thread, taken } = emptyList(4)
      const [slow, fast] = [thread(), thread()]
      let theirs: number | undefined
      slow.cells.interrupt(step, () => {
        theirs = fast.create('theirs')
      })
      const own = slow.create('ours')
      expect(own, `interrupted before step ${step}`).not.to.equal(theirs)
      expect(fast.names.find('ours')).to.equal(own)
      expect(slow.names.find('theirs')).to.equal(theirs)
      expect([fast.firstWord(own), taken()]).to.deep.equal(['o'.charCodeAt(0), 2])
    }
  })

  it('has room for its capacity exactly, also when the last place goes to another thread meanwhile', () => {
    for (let step = 0; step < stepsToCreate('late', 1); step++) {
      const { thread, taken } = emptyList(1)
      const [slow, fast] = [thread(), thread()]
      slow.cells.interrupt(step, () => fast.create('last'))
      expect(
        attempt(() => slow.create('late')),
        `step ${step}`,
      ).to.deep.include({
        code: 'ERR_REGISTRY_FULL',
        breaker: 'late',
        capacity: 1,
        breakers: 1,
      })
      expect([slow.names.names(), taken()]).to.deep.equal([['last'], 1])
      expect(slow.create('last')).to.equal(fast.create('last'))
    }
  })

  it('loses nothing to a thread that dies at any step of a creation, once its end is told', () => {
    for (let step = 0; step < stepsToCreate('victim'); step++) {
      const { thread, taken } = emptyList(4)
      const [victim, witness] = [thread(), thread()]
      victim.cells.dieAfter(step)
      expect(attempt(() => victim.create('victim'))).to.equal(death)
      witness.names.releaseThread(victim.id)
      expect(taken(), `died after ${step} steps`).to.equal(witness.names.names().length)
      for (const name of ['victim', 'b', 'c', 'd']) witness.create(name)
      expect(witness.names.names()).to.have.length(4)
      expect(taken()).to.equal(4)
    }
  })

  it('loses at most the entry of a thread that dies unseen, and has one to spare for each slot', () => {
    for (let step = 0; step < stepsToCreate('victim'); step++) {
      const { thread, taken } = emptyList(4)
      for (const name of ['victim', 'victim']) {
        const victim = thread()
        victim.cells.dieAfter(step)
        attempt(() => victim.create(name))
      }
      const other = thread()
      for (const name of ['a', 'b', 'c', 'd']) other.create(name)
      expect(other.names.names()).to.deep.equal(['a', 'b', 'c', 'd'])
      expect(taken(), `died after ${step} steps`).to.be.within(4, 6)
    }
  })

  it('says that it is full before its time when more threads than that died unseen, and how to mend it', () => {
    const { thread } = emptyList(4)
    const victims = Array.from({ length: 5 }, thread)
    for (const [before, victim] of victims.entries()) {
      // One step more for each entry that is found taken.
      victim.cells.dieAfter(inTheMiddle + before)
      expect(attempt(() => victim.create('victim'))).to.equal(death)
    }
    const other = thread()
    other.create('a')
    expect(attempt(() => other.create('b')))
      .to.include({ code: 'ERR_REGISTRY_FULL', capacity: 4, breakers: 1 })
      .and.have.property('message')
      .that.matches(/1 are in use and the rest was lost to threads that ended.*releaseThread/)
    other.names.releaseThread(victims[0]?.id ?? -1)
    other.create('b')
    expect(other.names.names()).to.deep.equal(['a', 'b'])
  })

  it('leaves alone what another thread took of it, when an end is told late or twice', () => {
    // A release reads the list's end, reads the six takers and sets one.
    for (let step = 0; step < 8; step++) {
      const { thread, taken } = emptyList(4)
      const [victim, early, late] = [thread(), thread(), thread()]
      victim.cells.dieAfter(inTheMiddle)
      expect(attempt(() => victim.create('victim'))).to.equal(death)
      expect(taken()).to.equal(1)
      late.cells.interrupt(step, () => {
        early.names.releaseThread(victim.id)
        early.create('heir')
      })
      late.names.releaseThread(victim.id)
      expect([late.names.names(), taken()], `interrupted before step ${step}`).to.deep.equal([['heir'], 1])
    }
  })

  it('keeps a name that its creator listed with its last step', () => {
    const { thread, taken } = emptyList(4)
    const [victim, other] = [thread(), thread()]
    victim.cells.dieAfter(stepsToCreate('victim'))
    const entry = victim.create('victim')
    other.names.releaseThread(victim.id)
    expect([taken(), other.create('victim')]).to.deep.equal([1, entry])
  })
})

describe('names', () => {
  const close = ['ab', 'abc', 'abd', 'ab\0', 'ac', 'b', '\0', '\0\0']
  const strange = [
    '__proto__',
    'constructor',
    'zahlungen-€',
    '支払い',
    '👩‍👩‍👧',
    'é',
    'e\u0301',
    '\ud83d',
    '\udc69',
    '\uffff',
  ]
  const long = ['x'.repeat(128), `${'x'.repeat(127)}y`, 'x'.repeat(127), '👩'.repeat(64)]

  it('are kept unit by unit, and those that differ in one are two', () => {
    const all = [...close, ...strange, ...long]
    const { thread } = emptyList(all.length)
    const [writer, reader] = [thread(), thread()]
    const entries = all.map((name) => writer.create(name))
    expect(new Set(entries)).to.have.property('size', all.length)
    expect(reader.names.names()).to.deep.equal(all)
    expect(all.map((name) => reader.names.find(name))).to.deep.equal(entries)
  })

  it('show nothing of a longer name that was in the entry before', () => {
    const { thread } = emptyList(1)
    const [victim, other] = [thread(), thread()]
    victim.cells.dieAfter(stepsToCreate('x'.repeat(128), 1) - 1)
    expect(attempt(() => victim.create('x'.repeat(128)))).to.equal(death)
    other.names.releaseThread(victim.id)
    expect(other.create('abc')).to.equal(0)
    expect(thread().names.names()).to.deep.equal(['abc'])
  })
})
