import { after, before, describe } from 'node:test'

/** The time zones in which a process is run if its results must not depend on its time zone. */
export const processZones = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia']

/** Declares the same tests for a process in each of four time zones, because results must not depend on the server's time zone. */
export function eachProcessZone(declare: (zone: string) => void): void {
  for (const zone of processZones) {
    describe(`in a process in ${zone}`, () => {
      const given = process.env.TZ
      before(() => {
        process.env.TZ = zone
      })
      after(() => {
        if (given === undefined) delete process.env.TZ
        else process.env.TZ = given
      })
      declare(zone)
    })
  }
}
