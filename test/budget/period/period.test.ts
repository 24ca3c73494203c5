import { expect } from 'chai'
import fc from 'fast-check'
import { CalendarPeriod } from '../../../src/budget/period/calendar.js'
import { type PeriodOptions, periodOf } from '../../../src/budget/period/period.js'
import { thrownBy } from '../thrown-by.js'

const at = (text: string) => Date.parse(text)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** When periods begin, one after another, from the one that holds the moment. */
function startsFrom(options: PeriodOptions, moment: string, count: number): string[] {
  const period = periodOf(options)
  const starts: string[] = []
  let index = period.indexAt(at(moment))
  for (let n = 0; n < count; n++) {
    starts.push(new Date(period.startOf(index)).toISOString())
    index = period.indexAt(period.endOf(index))
  }
  return starts
}

function hoursOf(options: PeriodOptions, moment: string): number {
  const period = periodOf(options)
  const index = period.indexAt(at(moment))
  return (period.endOf(index) - period.startOf(index)) / HOUR_MS
}

describe('a calendar period', () => {
  it('has as its number the whole minutes from 1970 to its start', () => {
    const moment = at('2026-11-28T09:31:07.250Z')
    expect(periodOf({ per: 'minute' }).indexAt(moment)).to.equal(at('2026-11-28T09:31Z') / 60_000)
    expect(periodOf({ per: 'hour' }).indexAt(moment)).to.equal(at('2026-11-28T09:00Z') / 60_000)
    expect(periodOf({ per: 'day' }).indexAt(moment)).to.equal(at('2026-11-28T00:00Z') / 60_000)
    expect(periodOf({ per: 'month' }).indexAt(moment)).to.equal(at('2026-11-01T00:00Z') / 60_000)
    expect(periodOf({ per: 'total' }).indexAt(moment)).to.equal(0)
  })

  it('never ends as a total', () => {
    const total = periodOf({ per: 'total' })
    expect(total.endOf(total.indexAt(at('2500-01-01')))).to.equal(Number.POSITIVE_INFINITY)
    expect(total.startOf(0)).to.equal(0)
  })

  it('has 23 hours on the day on which the clock is put forward, and 25 on which it is put back', () => {
    const timeZone = 'Europe/Berlin'
    expect(hoursOf({ per: 'day', timeZone }, '2026-03-29T12:00Z')).to.equal(23)
    expect(hoursOf({ per: 'day', timeZone }, '2026-10-25T12:00Z')).to.equal(25)
    expect(hoursOf({ per: 'day', timeZone }, '2026-10-26T12:00Z')).to.equal(24)
    expect(hoursOf({ per: 'month', timeZone }, '2026-03-15T12:00Z')).to.equal(31 * 24 - 1)
    expect(startsFrom({ per: 'day', timeZone }, '2026-03-28T12:00Z', 3)).to.deep.equal([
      '2026-03-27T23:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ])
  })

  it('begins the day at one o’clock where the clock is put forward at midnight', () => {
    expect(startsFrom({ per: 'day', timeZone: 'America/Sao_Paulo' }, '2018-11-03T12:00Z', 3)).to.deep.equal([
      '2018-11-03T03:00:00.000Z',
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T02:00:00.000Z',
    ])
  })

  it('leaves out the day that the calendar leaves out', () => {
    expect(startsFrom({ per: 'day', timeZone: 'Pacific/Apia' }, '2011-12-29T12:00Z', 3)).to.deep.equal([
      '2011-12-29T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ])
  })

  it('does not begin a day twice where the clock is put back over midnight', () => {
    // At 00:01 of 7 November 2010, 02:31 UTC, the clock showed 23:01 of the day before once more.
    const day = periodOf({ per: 'day', timeZone: 'America/St_Johns' })
    const seventh = day.indexAt(at('2010-11-07T02:30:30Z'))
    expect(day.startOf(seventh)).to.equal(at('2010-11-07T02:30Z'))
    expect(day.indexAt(at('2010-11-07T02:29:59Z'))).to.be.below(seventh)
    for (const later of ['02:31', '02:45', '03:29:59', '03:30', '12:00']) {
      const fresh = periodOf({ per: 'day', timeZone: 'America/St_Johns' })
      expect(fresh.indexAt(at(`2010-11-07T${later}Z`)), later).to.equal(seventh)
    }
    expect(day.endOf(seventh)).to.equal(at('2010-11-08T03:30Z'))
  })

  it('begins hours by the clocks of zones that are half an hour, or a quarter, off', () => {
    expect(startsFrom({ per: 'hour', timeZone: 'Asia/Kolkata' }, '2026-01-01T10:10Z', 2)).to.deep.equal([
      '2026-01-01T09:30:00.000Z',
      '2026-01-01T10:30:00.000Z',
    ])
    expect(startsFrom({ per: 'hour', timeZone: 'Asia/Kathmandu' }, '2026-01-01T10:10Z', 1)).to.deep.equal([
      '2026-01-01T09:15:00.000Z',
    ])
    expect(startsFrom({ per: 'day', timeZone: 'Asia/Kolkata' }, '2026-01-01T10:10Z', 1)).to.deep.equal([
      '2025-12-31T18:30:00.000Z',
    ])
  })

  it('counts the hour twice that the clock shows twice', () => {
    expect(startsFrom({ per: 'hour', timeZone: 'Europe/Berlin' }, '2026-10-25T00:30Z', 3)).to.deep.equal([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ])
  })

  it('cuts an hour short where the clock is moved by half of one', () => {
    const timeZone = 'Australia/Lord_Howe'
    // Put back at 15:00 UTC from +11:00 to +10:30, and forward at 15:30 UTC.
    expect(startsFrom({ per: 'hour', timeZone }, '2026-04-04T14:10Z', 4)).to.deep.equal([
      '2026-04-04T14:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
      '2026-04-04T15:30:00.000Z',
      '2026-04-04T16:30:00.000Z',
    ])
    expect(startsFrom({ per: 'hour', timeZone }, '2026-10-03T14:40Z', 4)).to.deep.equal([
      '2026-10-03T14:30:00.000Z',
      '2026-10-03T15:30:00.000Z',
      '2026-10-03T16:00:00.000Z',
      '2026-10-03T17:00:00.000Z',
    ])
  })

  it('begins a month on its reset day, or on its last day if it is shorter', () => {
    expect(startsFrom({ per: 'month', resetDay: 31 }, '2027-02-10T00:00Z', 5)).to.deep.equal([
      '2027-01-31T00:00:00.000Z',
      '2027-02-28T00:00:00.000Z',
      '2027-03-31T00:00:00.000Z',
      '2027-04-30T00:00:00.000Z',
      '2027-05-31T00:00:00.000Z',
    ])
    expect(startsFrom({ per: 'month', resetDay: 30 }, '2028-02-29T00:00Z', 2)).to.deep.equal([
      '2028-02-29T00:00:00.000Z',
      '2028-03-30T00:00:00.000Z',
    ])
    expect(
      startsFrom({ per: 'month', resetDay: 15, timeZone: 'America/New_York' }, '2026-12-15T04:59Z', 2),
    ).to.deep.equal(['2026-11-15T05:00:00.000Z', '2026-12-15T05:00:00.000Z'])
  })

  it('may have begun before 1970, and has the number 0 then', () => {
    const day = periodOf({ per: 'day', timeZone: 'Asia/Tokyo' })
    expect(day.indexAt(1_000_000)).to.equal(0)
    expect(day.startOf(0)).to.equal(at('1969-12-31T15:00Z'))
    expect(day.indexAt(at('1970-01-01T15:00Z'))).to.equal(15 * 60)
  })

  it('begins within a minute where clocks were half a minute off', () => {
    const timeZone = 'Africa/Monrovia'
    const index = periodOf({ per: 'day', timeZone }).indexAt(at('1971-06-01T12:00Z'))
    expect(index).to.equal(at('1971-06-01T00:44Z') / 60_000)
    expect(periodOf({ per: 'day', timeZone }).startOf(index)).to.equal(at('1971-06-01T00:44:30Z'))
  })

  it('asks the calendar once a period', () => {
    let asked = 0
    const period = new CalendarPeriod((atMs) => {
      asked += 1
      const startMs = Math.floor(atMs / DAY_MS) * DAY_MS
      return { startMs, endMs: startMs + DAY_MS }
    })
    for (let hour = 0; hour < 240; hour++) period.indexAt(hour * HOUR_MS)
    expect(asked).to.equal(10)
    period.endOf(period.indexAt(239 * HOUR_MS))
    expect(asked).to.equal(10)
    // Another period may be looked at without the current one being forgotten.
    period.startOf(0)
    period.indexAt(239 * HOUR_MS)
    expect(asked).to.equal(11)
  })
})

describe('a sliding period', () => {
  it('is counted in buckets of equal length from 1970', () => {
    const hour = periodOf({ per: 'hour', window: 'sliding' })
    expect(hour.buckets).to.equal(12)
    const moment = at('2026-11-28T09:31Z')
    expect(hour.indexAt(moment)).to.equal(Math.floor(moment / 300_000))
    expect(hour.startOf(hour.indexAt(moment))).to.equal(at('2026-11-28T09:30Z'))
    expect(hour.endOf(hour.indexAt(moment))).to.equal(at('2026-11-28T09:35Z'))
  })

  it('has thirty days in a month, and 24 hours in a day, whatever the time zone', () => {
    const month = periodOf({ per: 'month', window: 'sliding', buckets: 30, timeZone: 'Europe/Berlin' })
    expect(month.endOf(7) - month.startOf(7)).to.equal(DAY_MS)
    const day = periodOf({ per: 'day', window: 'sliding', buckets: 24, timeZone: 'Europe/Berlin' })
    expect(day.endOf(7) - day.startOf(7)).to.equal(HOUR_MS)
  })

  it('has numbers of 31 bits until 2106 in its shortest buckets', () => {
    const minute = periodOf({ per: 'minute', window: 'sliding', buckets: 30 })
    expect(minute.indexAt(at('2106-01-01'))).to.be.below(2 ** 31)
    expect(() => minute.indexAt(at('2107-01-01'))).to.throw(RangeError)
  })
})

describe('every period', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'America/Sao_Paulo',
    'America/Havana',
    'Africa/Cairo',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Chatham',
  ]
  const options = fc.oneof(
    fc.record({ per: fc.constantFrom('minute', 'hour', 'day'), timeZone: fc.constantFrom(...zones) }),
    fc.record({
      per: fc.constant('month'),
      timeZone: fc.constantFrom(...zones),
      resetDay: fc.integer({ min: 1, max: 31 }),
    }),
    fc.record({
      per: fc.constantFrom('minute', 'hour', 'day', 'month'),
      window: fc.constant('sliding'),
      buckets: fc.integer({ min: 2, max: 30 }),
    }),
  ) as fc.Arbitrary<PeriodOptions>
  const moment = fc.integer({ min: at('1972-02-01'), max: at('2037-12-31') })

  it('holds the moment that it is asked for, and meets its neighbours without a gap', () => {
    fc.assert(
      fc.property(options, moment, (given, nowMs) => {
        const period = periodOf(given)
        const index = period.indexAt(nowMs)
        const [start, end] = [period.startOf(index), period.endOf(index)]
        expect(start <= nowMs && nowMs < end).to.equal(true)
        const fresh = () => periodOf(given)
        expect(fresh().indexAt(start)).to.equal(index)
        expect(fresh().indexAt(end - 1)).to.equal(index)
        expect(fresh().startOf(index)).to.equal(start)
        expect(fresh().endOf(index)).to.equal(end)
        const [before, after] = [fresh().indexAt(start - 1), fresh().indexAt(end)]
        expect(before).to.be.below(index)
        expect(after).to.be.above(index)
        expect(fresh().endOf(before)).to.equal(start)
        expect(fresh().startOf(after)).to.equal(end)
      }),
      { numRuns: 300 },
    )
  })

  it('has days of one date each, as another library tells it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones.filter((zone) => zone !== 'America/St_Johns')),
        moment,
        (timeZone, nowMs) => {
          const date = new Intl.DateTimeFormat('sv', { timeZone })
          const day = periodOf({ per: 'day', timeZone })
          const index = day.indexAt(nowMs)
          const today = date.format(nowMs)
          expect(date.format(day.startOf(index))).to.equal(today)
          expect(date.format(day.endOf(index) - 1)).to.equal(today)
          expect(date.format(day.startOf(index) - 1) < today).to.equal(true)
          expect(date.format(day.endOf(index)) > today).to.equal(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('refuses what is no time', () => {
    for (const window of ['calendar', 'sliding'] as const) {
      for (const nowMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => periodOf({ per: 'hour', window }).indexAt(nowMs), `${window} ${nowMs}`).to.throw(RangeError)
      }
    }
  })
})

describe('the options of a period', () => {
  const refused: [field: string, given: unknown, allowed: string][] = [
    ['per', { per: 'week' }, '"minute", "hour", "day", "month", "total"'],
    ['window', { per: 'day', window: 'tumbling' }, '"calendar", "sliding"'],
    ['window', { per: 'total', window: 'sliding' }, '"calendar" for a total'],
    ['timeZone', { per: 'day', timeZone: 'Europe/Atlantis' }, 'an IANA time zone'],
    ['timeZone', { per: 'day', timeZone: 1 }, 'an IANA time zone'],
    ['resetDay', { per: 'month', resetDay: 32 }, 'a whole number from 1 to 31'],
    ['resetDay', { per: 'day', resetDay: 1 }, 'unless the budget is per month'],
    ['resetDay', { per: 'month', window: 'sliding', resetDay: 1 }, 'begins on no day'],
    ['buckets', { per: 'day', buckets: 2 }, 'undefined without a sliding window'],
    ['buckets', { per: 'day', window: 'sliding', buckets: 61 }, 'a whole number from 2 to 60'],
    ['buckets', { per: 'minute', window: 'sliding', buckets: 31 }, 'a whole number from 2 to 30'],
  ]
  for (const [field, given, allowed] of refused) {
    it(`refuse ${JSON.stringify(given)}`, () => {
      const error = thrownBy(() => periodOf(given as PeriodOptions))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field })
      expect(error.message).to.contain(allowed)
    })
  }
})
