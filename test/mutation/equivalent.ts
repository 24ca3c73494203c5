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
  'src/breaker/admission/leases.js dropped check: claim === 0':
    'a lease never claimed has the tag of life 0, which is earlier than every other until tags have come half round',
  'src/breaker/windows/consecutive.js dropped check: this.#cells.compareExchange(this.#row, row, tag << 16) === row':
    'it goes round once more, finds the row empty, and ends',
  'src/breaker/windows/headroom.js swapped writes: this.#cells.store(entry + Entry.judgedCalls, this.judgedCalls); this.#cells.store(this.#map.judge, this.#slot + 1);':
    'the judge’s cell is a hint: who follows it before the calls are there finds none, and sums',
  'src/breaker/windows/time.js swapped writes: cells.store(entry + Entry.slow, this.#counters.low(Counter.slow)); cells.store(entry + Entry.judgedCalls, 0);':
    'an entry has no life while they are written; who looked before that is of a life that has ended, or a whole window late',
  'src/breaker/windows/time.js swapped writes: cells.store(entry + Entry.judgedCalls, 0); cells.store(entry + Entry.numberLow, number | 0);':
    'an entry has no life while they are written; who looked before that is of a life that has ended, or a whole window late',
  'src/breaker/registry/registry-map.js swapped writes: storeConfiguration(cells, map.defaults, defaults.configuration); cells.store(RegistryHeader.version, REGISTRY_LAYOUT_VERSION);':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/breaker/registry/registry-map.js swapped writes: cells.store(RegistryHeader.version, REGISTRY_LAYOUT_VERSION); cells.store(RegistryHeader.breakerVersion, LAYOUT_VERSION);':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/breaker/registry/registry-map.js swapped writes: cells.store(RegistryHeader.breakerVersion, LAYOUT_VERSION); cells.store(RegistryHeader.size, map.size);':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/breaker/registry/registry-map.js swapped writes: cells.store(RegistryHeader.size, map.size); cells.store(RegistryHeader.capacity, map.capacity);':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/breaker/registry/registry-map.js swapped writes: cells.store(RegistryHeader.capacity, map.capacity); cells.store(RegistryHeader.initialState, stateCode(defaults.initialState));':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/breaker/registry/registry-map.js swapped writes: cells.store(RegistryHeader.initialState, stateCode(defaults.initialState)); sizeNames.forEach((part, index) => { cells.store(RegistryHeader.sizes + index, map.sizes[part]); });':
    'the header and the defaults are read by nobody before the magic says that they are there, which is stored after all of them',
  'src/memory/time.js swapped writes: cells.store(index, microseconds | 0); cells.store(index + 1, Math.floor(microseconds / TWO_TO_32));':
    'a time is read by nobody before a word that is stored after both halves says that it is there; whoever reads one half of another time finds that word changed',
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
