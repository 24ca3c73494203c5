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
  'src/breaker/admission/leases.js index off by one: lease':
    'of the two in wipe: what it leaves is told apart by its tag; it is the lock for a tag that comes round, after 4,096 lives',
  'src/breaker/admission/leases.js dropped check: claim !== 0 && isEarlier(tagOf(claim), tag)':
    'no wipe at all: as above',
  'src/breaker/admission/leases.js dropped check: claim === 0':
    'a lease never claimed has the tag of life 0, which is earlier than every other until tags have come half round',
  'src/breaker/windows/consecutive.js dropped check: this.#cells.compareExchange(this.#row, row, tag << 16) === row':
    'it goes round once more, finds the row empty, and ends',
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
}
