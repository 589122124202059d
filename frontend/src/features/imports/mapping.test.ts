import { describe, expect, it } from 'vitest'
import { fieldChoices, fieldLabel, missingFields, openFields, toMapping } from './mapping'

const column = (name: string, field: string | null) => ({ name, field, sample: [] })

describe('mapping', () => {
  it('offers only fields that no column becomes', () => {
    const open = openFields([column('Mail', 'email'), column('Vorname', 'first_name'), column('Notes', null)])
    expect(open).not.toContain('email')
    expect(open).not.toContain('full_name')
    expect(open).toContain('last_name')
    expect(openFields([column('Mail', 'email')])).toContain('full_name')
  })

  it('asks for the address and a name', () => {
    expect(missingFields([column('Mail', 'email'), column('Name', 'full_name')])).toEqual([])
    expect(missingFields([column('Mail', null)])).toHaveLength(2)
  })

  it('keeps what the API calls a column', () => {
    expect(toMapping([column('A', 'email'), column('B', null)])).toEqual({ A: 'email', B: null })
    expect(fieldLabel('snippet_3')).toBe('Text 3')
    expect(fieldChoices('custom.shoe').at(-1)).toEqual({ value: 'custom.shoe', label: 'Extra column “shoe”' })
  })
})
