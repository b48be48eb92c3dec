import js from '@eslint/js'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['node_modules', 'artifacts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in texts are formatted on purpose: every one of them is a count or a pixel.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An index below the length always holds an element: tables are typed arrays, walked by their length.
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Names of files and processes are untrusted text: use textContent.' }],
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // node:test's describe and it return promises that the runner itself awaits.
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  { files: ['tools/**/*.mjs'], languageOptions: { globals: { Buffer: 'readonly', console: 'readonly', process: 'readonly', URL: 'readonly' } } },
)
