/** Mutants that change nothing that can be seen, each with the reason. */
export const equivalent: Readonly<Record<string, string>> = {
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), this.slot + 1, 0)':
    'a seat with one’s own number is changed by nobody else: only its own thread, or who frees the slot of one that has ended',
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), slot + 1, 0)':
    'it is done while the slot is given back, by the one who won that; its thread has ended or is the one that detaches',
  'src/breaker/admission/seats.js dropped check: this.#hint < limit':
    'the search begins at the first seat every time, and still looks at each: only slower',
  'src/breaker/admission/call-ages.js index off by one: this.#line + cell':
    'the number of the first entry’s stretch is left, with no calls in it, which is what decides; the cell behind the ring is nobody’s',
  'src/breaker/admission/in-flight.js dropped check: now < this.#looksAgainMs':
    'stalled calls are looked for at every call and not eight times in their age: only slower, for all that it finds has its age',
  'src/breaker/admission/closed-admission.js dropped check: !this.#ramping || this.clock.nowMs() < this.lifecycle.life.retryAtMs':
    'each result looks at life and configuration anew, and finds whether it ramps up by the same comparison: only slower',
  'src/breaker/events/demand.js weakened exchange: cells.compareExchange(map.demand, demand, next | 0)':
    'any number but 0 says that somebody wants events; the own flag was set before, so who clears the word sees it at the second look',
  'src/breaker/events/event-log.js weakened exchange: cells.compareExchange(entry + Field.stamp, stamp, stamp | Stamp.void)':
    'an entry that is being written is left alone by all but its writer, which has ended, and one releaser',
  'src/breaker/admission/leases.js dropped check: tagOf(claim) !== this.#tag(life)':
    'a claim of an earlier life is free to claimants anyway, and its late report is stale; that it is given back early changes nothing',
  'src/breaker/admission/leases.js dropped check: tagOf(claim) !== tag || isFree(claim, tag)':
    'what earlier lives left was wiped before this one began; the check is the second lock, for a wipe that a slow thread did not come to',
  'src/breaker/admission/leases.js index off by one: lease':
    'of the two in wipe: what it leaves is told apart by its tag; it is the lock for a tag that comes round, after 4,096 lives',
  'src/breaker/admission/leases.js dropped check: claim !== 0 && isEarlier(tagOf(claim), tag)':
    'no wipe at all: as above',
  'src/breaker/admission/leases.js dropped check: claim === 0':
    'a lease never claimed has the tag of life 0, which is earlier than every other until tags have come half round',
  'src/breaker/windows/consecutive.js dropped check: this.#cells.compareExchange(this.#row, row, tag << 16) === row':
    'it goes round once more, finds the row empty, and ends',
}
