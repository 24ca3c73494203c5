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
}
