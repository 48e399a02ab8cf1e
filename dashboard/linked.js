// Shows ready-made markup. A plain click on a link to one of our own pages is handed to the app, which turns the page
// without loading everything again; any other click (new tab, new window) is the browser's.
export default function ({ data, parentElement, setTriggerValue }) {
  document.documentElement.lang = data.lang
  const root = parentElement.querySelector(".root")
  if (root.dataset.markup !== data.digest) {
    root.dataset.markup = data.digest
    root.innerHTML = data.markup
  }
  root.onclick = (event) => {
    const link = event.target.closest("a[href]")
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!link || !plain || !link.getAttribute("href").startsWith("/")) return
    event.preventDefault()
    setTriggerValue("opened", link.getAttribute("href"))
  }
}
