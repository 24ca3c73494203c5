/** Mutants that change nothing that can be seen, each with the reason. */
export const equivalent: Readonly<Record<string, string>> = {
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), this.slot + 1, 0)':
    'a seat with one’s own number is changed by nobody else: only its own thread, or who frees the slot of one that has ended',
  'src/breaker/admission/seats.js weakened exchange: this.cells.compareExchange(this.map.seat(index), slot + 1, 0)':
    'it is done while the slot is given back, by the one who won that; its thread has ended or is the one that detaches',
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
  'src/breaker/windows/time.js swapped writes: cells.store(entry + Entry.success, this.#counters.low(Counter.success)); cells.store(entry + Entry.error, this.#counters.low(Counter.error));':
    'the counters are written while the entry has no life and the number of before: who reads them then finds another of both afterwards',
  'src/breaker/windows/time.js swapped writes: cells.store(entry + Entry.error, this.#counters.low(Counter.error)); cells.store(entry + Entry.slow, this.#counters.low(Counter.slow));':
    'as above',
  'src/breaker/windows/time.js swapped writes: cells.store(entry + Entry.numberLow, number | 0); cells.store(entry + Entry.numberHigh, Math.floor(number / 0x1_0000_0000));':
    'both halves are written while the entry has no life; a reader looks at the number twice, and at the life between the looks',
  'src/breaker/windows/count.js dropped check: this.#cells.load(this.#control) === this.#life':
    'a success that nobody watches is judged as well: that costs a reading of the ring, and a verdict is right whoever asks for it',
  'src/breaker/windows/count.js index off by one: this.#control': 'as above: the word beside it is never a life',
  'src/breaker/windows/count.js dropped check: slowCallDurationThresholdMs === undefined':
    'no call is slow then, so a rate of slow calls only makes the window be read sooner than it need be',
  'src/breaker/windows/thresholds.js dropped check: configuration.slowCallDurationThresholdMs === undefined':
    'no call is slow then, and no threshold is less than 0.000000001; what begins to be slow begins a life',
  'src/breaker/events/event-log.js swapped writes: cells.store(entry + Field.kind, kind | (about << KIND_BITS)); cells.store(entry + Field.life, life);':
    'both lie between the claim and the stamp “written”: nobody takes for whole what lies between',
  'src/breaker/events/event-log.js swapped writes: cells.store(entry + Field.life, life); storeTime(cells, entry + Field.at, atMs);':
    'as above',
  'src/breaker/events/event-log.js swapped writes: storeTime(cells, entry + Field.at, atMs); cells.store(entry + Field.duration, durationMs < 0 ? UNKNOWN_DURATION : packDuration(Math.min(durationMs, DURATION_MS_MAX)));':
    'as above',
  'src/breaker/events/event-feed.js dropped check: behind > this.log.capacity':
    'what was overwritten is given up one by one, each found lost, instead of all at once: the same number is lost',
}
