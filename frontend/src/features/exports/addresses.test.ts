import { expect, it } from 'vitest'
import { addressesIn } from './addresses'

it('finds addresses in any column, quoted or not', () => {
  const csv = 'Name;E-mail;Note\n"Ann";"ann@acme.example";\nBob;Bob.B+x@beta.example;met, at fair\n'
  expect(addressesIn(csv)).toEqual(['ann@acme.example', 'Bob.B+x@beta.example'])
})

it('names nobody twice, however they are written', () => {
  expect(addressesIn('ann@acme.example\nANN@acme.example,<ann@acme.example>')).toHaveLength(1)
})

it('finds nobody where nobody is', () => {
  expect(addressesIn('no addresses @ all, not@one')).toEqual([])
})
