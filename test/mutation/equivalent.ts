/** Mutants that change nothing that can be seen, each with the reason. */
export const equivalent: Readonly<Record<string, string>> = {
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), this.slot + 1, 0)':
    'a seat with one’s own number is changed by nobody else: only its own thread, or who frees the slot of one that has ended',
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), slot + 1, 0)':
    'it is done while the slot is given back, by the one who won that; its thread has ended or is the one that detaches',
  'src/breaker/events/demand.js weakened exchange: cells.compareExchange(map.demand, demand, next | 0)':
    'any number but 0 says that somebody wants events; the own flag was set before, so who clears the word sees it at the second look',
  'src/breaker/events/event-log.js weakened exchange: cells.compareExchange(entry + Field.stamp, stamp, stamp | Stamp.void)':
    'an entry that is being written is left alone by all but its writer, which has ended, and one releaser',
  'src/breaker/admission/leases.js dropped check: tagOf(claim) !== this.#tag(life)':
    'a claim of an earlier life is free to claimants anyway, and its late report is stale; that it is given back early changes nothing',
  'src/breaker/admission/leases.js dropped check: tagOf(claim) !== tag || isFree(claim, tag)':
    'what earlier lives left was wiped before this one began; the check is the second lock, for a wipe that a slow thread did not come to',
  'src/breaker/admission/leases.js dropped check: claim === 0':
    'a lease never claimed has the tag of life 0, which is earlier than every other until tags have come half round',
  'src/breaker/windows/consecutive.js dropped check: this.#cells.compareExchange(this.#row, row, tag << 16) === row':
    'it goes round once more, finds the row empty, and ends',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.previous, proposal.previous); cells.store(record + Field.reason, proposal.reason);':
    'fields are taken only by who finds the life before and after them, so among themselves they may be written in any order',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.reason, proposal.reason); storeTime(cells, record + Field.began, proposal.beganMs);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: storeTime(cells, record + Field.began, proposal.beganMs); storeTime(cells, record + Field.retryAt, proposal.retryAtMs);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: storeTime(cells, record + Field.retryAt, proposal.retryAtMs); cells.store(record + Field.attempt, proposal.attempt);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.attempt, proposal.attempt); cells.store(record + Field.configuration, proposal.configuration);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.configuration, proposal.configuration); cells.store(record + Field.calls, proposal.calls);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.calls, proposal.calls); cells.store(record + Field.failures, proposal.failures);':
    'as above',
  'src/breaker/life/transition-log.js swapped writes: cells.store(record + Field.failures, proposal.failures); cells.store(record + Field.slow, proposal.slow);':
    'as above',
  'src/breaker/threads/counters.js swapped writes: this.cells.store(this.line + counter, count | 0); this.cells.store(this.line + counter + 1, Math.floor(count / 0x1_0000_0000));':
    'it is done while nobody else knows of the memory',
  'src/breaker/storage/region.js swapped writes: cells.store(map.control, life); cells.store(map.base + Header.version, LAYOUT_VERSION);':
    'nobody knows of the memory until its last cell, the magic number, is written',
  'src/breaker/storage/region.js swapped writes: cells.store(map.base + Header.version, LAYOUT_VERSION); cells.store(map.base + Header.size, map.size);':
    'as above',
  'src/breaker/circuit.js dropped check: life === this.lifecycle.life.life':
    'a window measures what is in shared memory: one made for the question says the same, and costs an object',
  'src/breaker/circuit.js index off by one: this.#control':
    'of both: that cell is always 0, which is no word of a life with a short way; the long way comes to the same',
  'src/breaker/circuit.js dropped check: control === this.#closedControl && this.#closedLife !== NO_LIFE':
    'no short way for closed calls: the long one gives the same permission',
  'src/breaker/circuit.js dropped check: control === this.#closedControl && permission === this.#closedLife':
    'no short way for successes: the long one records them alike',
  'src/breaker/life/lifecycle.js dropped check: control === this.#control':
    'a picture that is right already is drawn anew: it costs, and shows the same',
}
