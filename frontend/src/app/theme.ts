import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'

/** Spruce: our accent. Calm beside long texts, and far from the red and amber that mean something. */
const spruce: MantineColorsTuple = [
  '#edf7f3',
  '#dcebe5',
  '#b5d7ca',
  '#8bc2ad',
  '#68b194',
  '#51a685',
  '#409a79',
  '#2f8266',
  '#1d6b55',
  '#0f5744',
]

/** Greys with a trace of the accent, so that surfaces and accent belong together. */
const stone: MantineColorsTuple = [
  '#f7f8f7',
  '#eff1f0',
  '#e2e6e4',
  '#d0d6d3',
  '#b3bcb8',
  '#8b9792',
  '#67746f',
  '#4d5955',
  '#333d3a',
  '#1d2523',
]

const night: MantineColorsTuple = [
  '#d5dcd9',
  '#b9c3bf',
  '#9aa6a1',
  '#6d7a75',
  '#46514d',
  '#37413e',
  '#262e2c',
  '#1b2220',
  '#141a18',
  '#0e1312',
]

export const theme = createTheme({
  primaryColor: 'spruce',
  // 8: the first shade on which white text passes AA, in both schemes.
  primaryShade: 8,
  colors: { spruce, gray: stone, dark: night },
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: '650',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  shadows: {
    xs: '0 1px 2px rgb(20 40 32 / 6%)',
    sm: '0 1px 2px rgb(20 40 32 / 6%), 0 2px 8px rgb(20 40 32 / 5%)',
    md: '0 2px 4px rgb(20 40 32 / 6%), 0 8px 24px rgb(20 40 32 / 9%)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Plain objects, not Component.extend(): that would pull every component into the first load.
  components: {
    Anchor: { defaultProps: { underline: 'hover' } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Button: { defaultProps: { fw: 600 } },
    Card: { defaultProps: { withBorder: true, radius: 'lg', padding: 'lg' } },
    Checkbox: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        overlayProps: { backgroundOpacity: 0.4, blur: 2 },
        // Keys of the page count again at once when a dialog closes.
        transitionProps: { duration: 0 },
      },
    },
    Paper: { defaultProps: { radius: 'lg' } },
    Table: { defaultProps: { verticalSpacing: 8, horizontalSpacing: 'sm', highlightOnHover: true } },
    Tooltip: { defaultProps: { multiline: true, maw: 320, openDelay: 250, withArrow: true } },
  },
})

/** Mantine's light yellow writes in orange on yellow, which misses AA; messages take the tones of our badges instead. */
const calmAlerts = {
  '--mantine-color-yellow-light': 'var(--tone-attention-bg)',
  '--mantine-color-yellow-light-color': 'var(--tone-attention-fg)',
  '--mantine-color-orange-light': 'var(--tone-attention-bg)',
  '--mantine-color-orange-light-color': 'var(--tone-attention-fg)',
  '--mantine-color-red-light': 'var(--tone-bad-bg)',
  '--mantine-color-red-light-color': 'var(--tone-bad-fg)',
}

/** Mantine's own dimmed text misses AA on tinted surfaces; these pass on all of ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--page-width': '1400px' },
  light: {
    ...calmAlerts,
    '--mantine-color-body': '#fbfcfb',
    '--mantine-color-text': '#1d2523',
    '--mantine-color-dimmed': '#56625e',
    '--mantine-color-placeholder': '#67746f',
    '--mantine-color-anchor': '#17604b',
    '--mantine-color-error': '#b3261e',
    '--surface': '#ffffff',
    '--surface-sunken': '#f3f6f4',
    '--line': '#e0e5e2',
    '--tone-neutral-fg': '#4b5753',
    '--tone-neutral-bg': '#e9edeb',
    '--tone-busy-fg': '#1f4f93',
    '--tone-busy-bg': '#e2ecfa',
    '--tone-attention-fg': '#7a4a00',
    '--tone-attention-bg': '#fbeecf',
    '--tone-good-fg': '#17604b',
    '--tone-good-bg': '#dcefe6',
    '--tone-done-fg': '#ffffff',
    '--tone-done-bg': '#1d6b55',
    '--tone-bad-fg': '#9a231c',
    '--tone-bad-bg': '#fbe4e1',
    '--diff-added': '#d4efe2',
    '--diff-removed': '#fbe0dc',
  },
  dark: {
    ...calmAlerts,
    '--mantine-color-body': '#121716',
    '--mantine-color-text': '#dfe6e3',
    '--mantine-color-dimmed': '#a3aeaa',
    '--mantine-color-placeholder': '#8f9b96',
    '--mantine-color-anchor': '#7fcbb0',
    '--mantine-color-error': '#ff9d94',
    '--surface': '#1a201e',
    '--surface-sunken': '#161c1a',
    '--line': '#2e3835',
    '--tone-neutral-fg': '#c0cac6',
    '--tone-neutral-bg': '#2b3431',
    '--tone-busy-fg': '#a9cbfa',
    '--tone-busy-bg': '#1c2f49',
    '--tone-attention-fg': '#f3cd83',
    '--tone-attention-bg': '#3d2f12',
    '--tone-good-fg': '#8fdbbf',
    '--tone-good-bg': '#16382d',
    '--tone-done-fg': '#ffffff',
    '--tone-done-bg': '#1f7059',
    '--tone-bad-fg': '#ffb3ab',
    '--tone-bad-bg': '#48201d',
    '--diff-added': '#174535',
    '--diff-removed': '#57231f',
  },
})
