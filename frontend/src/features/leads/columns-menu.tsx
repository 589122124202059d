import { Button, Checkbox, Menu, ScrollArea, Stack } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { memo } from 'react'

type Props = {
  choices: { key: string; label: string }[]
  shown: string[]
  onChange: (shown: string[]) => void
}

/** Which columns stand in the list. Custom fields of the leads on the page can be shown as well. */
export const ColumnsMenu = memo(function ColumnsMenu({ choices, shown, onChange }: Props) {
  const toggle = (key: string) =>
    onChange(
      shown.includes(key)
        ? shown.filter((name) => name !== key)
        : choices.map((choice) => choice.key).filter((name) => name === key || shown.includes(name)),
    )
  return (
    <Menu position="bottom-end" shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown p="sm">
        <ScrollArea.Autosize mah={360} type="auto">
          <Stack gap={8} role="group" aria-label="Columns that are shown">
            {choices.map(({ key, label }) => (
              <Checkbox
                key={key}
                size="xs"
                label={label}
                checked={shown.includes(key)}
                onChange={() => toggle(key)}
              />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  )
})
