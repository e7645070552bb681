// Says in the document what the table shows, for the chart that follows it (table_first.js).
export default function ({ data }) {
  document.documentElement.dataset.tableState = data.table;
}
