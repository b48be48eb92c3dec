// Files that are dropped on a page or chosen with "Open file…" go to the hub one after another; each has its line with progress,
// a way to cancel, and in the end a link or the reason why not. All within #import-panel, which the server writes once per load.
import { type ImportOutcome, importOutcome, tooLarge } from '../lib/import-outcome.ts'

const address = '/api/v1/snapshots/import'
const kinds = '.wvm,.json,.csv,.mmp,.xml,.txt'

interface Line {
  readonly file: File
  readonly progress: HTMLProgressElement
  readonly state: HTMLElement
  readonly cancel: HTMLButtonElement
  cancelled: boolean
  request: XMLHttpRequest | null
}

const goTo = (url: string): void => {
  const blazor = (globalThis as { Blazor?: { navigateTo?: (url: string) => void } }).Blazor
  if (blazor?.navigateTo === undefined) location.assign(url)
  else blazor.navigateTo(url)
}

function element<K extends keyof HTMLElementTagNameMap>(page: Document, name: K, className: string, content = ''): HTMLElementTagNameMap[K] {
  const made = page.createElement(name)
  made.className = className
  made.textContent = content
  return made
}

/** Binds the page's panel, if it has one. */
export function attachImport(page: Document): void {
  const panel = page.getElementById('import-panel')
  const drop = page.getElementById('import-drop')
  const list = panel?.querySelector('ul')
  const status = panel?.querySelector('[role="status"]')
  if (!panel || !drop || !list || !status) return
  const maxBytes = Number(panel.dataset['maxBytes'])
  const waiting: Line[] = []
  let running = false

  const add = (file: File): Line => {
    const row = element(page, 'li', 'import-line')
    const line: Line = {
      file,
      progress: element(page, 'progress', ''),
      state: element(page, 'span', 'import-state', 'waiting'),
      cancel: element(page, 'button', 'plain-button', 'Cancel'),
      cancelled: false,
      request: null,
    }
    line.progress.max = 100
    line.progress.value = 0
    line.progress.setAttribute('aria-label', `Sending ${file.name}`)
    line.cancel.type = 'button'
    line.cancel.setAttribute('aria-label', `Cancel ${file.name}`)
    line.cancel.addEventListener('click', () => {
      line.cancelled = true
      if (line.request === null) finish(line, 'cancelled')
      else line.request.abort()
    })
    row.append(element(page, 'span', 'import-name', file.name), line.progress, line.state, line.cancel)
    list.append(row)
    return line
  }

  const finish = (line: Line, words: string) => {
    line.progress.remove()
    line.cancel.remove()
    line.state.textContent = words
    status.textContent = `${line.file.name}: ${words}`
  }

  const show = (line: Line, outcome: ImportOutcome) => {
    if (outcome.kind === 'refused') {
      line.state.classList.add('bad')
      finish(line, outcome.reason)
      return
    }
    finish(line, outcome.snapshots.length === 1 ? 'opened' : `${String(outcome.snapshots.length)} snapshots`)
    line.state.replaceChildren(...outcome.snapshots.map((snapshot) => {
      const link = element(page, 'a', '', snapshot.title)
      link.href = `/snapshots/${encodeURIComponent(snapshot.id)}`
      return link
    }))
  }

  const send = (line: Line): Promise<ImportOutcome | null> => new Promise((resolve) => {
    const request = new XMLHttpRequest()
    line.request = request
    request.open('POST', address)
    // fetch tells nothing of how far a body has been sent.
    request.upload.addEventListener('progress', (event) => {
      if (!event.lengthComputable) return
      line.progress.value = Math.floor(event.loaded / event.total * 100)
      line.state.textContent = `${String(line.progress.value)} %`
    })
    request.upload.addEventListener('load', () => {
      line.progress.removeAttribute('value')
      line.state.textContent = 'the hub reads it'
    })
    request.addEventListener('load', () => { resolve(importOutcome(request.status, request.responseText)) })
    request.addEventListener('error', () => { resolve(importOutcome(0, '')) })
    request.addEventListener('abort', () => { resolve(null) })
    const form = new FormData()
    form.append('file', line.file)
    request.send(form)
  })

  const run = async (opened: readonly Line[]) => {
    waiting.push(...opened)
    if (running) return
    running = true
    const kept: string[] = []
    let files = 0
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
      if (line.cancelled) continue
      files++
      const reason = tooLarge(line.file.name, line.file.size, maxBytes)
      const outcome: ImportOutcome | null = reason === '' ? await send(line) : { kind: 'refused', reason }
      if (outcome === null) finish(line, 'cancelled')
      else show(line, outcome)
      if (outcome?.kind === 'kept') kept.push(...outcome.snapshots.map((snapshot) => snapshot.id))
    }
    running = false
    if (files === 1 && kept.length === 1) {
      close()
      goTo(`/snapshots/${encodeURIComponent(kept.join(''))}`)
    }
  }

  const open = (files: Iterable<File>) => {
    const lines = [...files].map(add)
    if (lines.length === 0) return
    panel.hidden = false
    void run(lines)
  }

  const close = () => {
    if (running) return
    panel.hidden = true
    list.replaceChildren()
    status.textContent = ''
  }

  const choose = () => {
    const input = element(page, 'input', '')
    input.type = 'file'
    input.multiple = true
    input.accept = kinds
    input.addEventListener('change', () => { open(input.files ?? []) })
    input.click()
  }

  page.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return
    if (event.target.closest('[data-open-files]') !== null) choose()
    if (event.target.closest('[data-import-close]') !== null) close()
  })

  // What is dragged is told by its types alone until it is dropped. Texts and links stay the browser's.
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  page.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    drop.hidden = false
  })
  page.addEventListener('dragleave', (event) => {
    // Only leaving the window has nothing that is entered.
    if (event.relatedTarget === null) drop.hidden = true
  })
  page.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    drop.hidden = true
    open(event.dataTransfer?.files ?? [])
  })
}
