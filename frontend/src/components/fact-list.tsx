import type { ReactNode } from 'react'
import classes from './fact-list.module.css'

export type Fact = { name: string; value: ReactNode }

/** Names and values in two columns; facts without a value are left out. */
export function FactList({ facts }: { facts: Fact[] }) {
  const known = facts.filter(({ value }) => value !== null && value !== undefined && value !== '')
  return (
    <dl className={classes.list}>
      {known.map(({ name, value }) => (
        <div key={name} className={classes.row}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
