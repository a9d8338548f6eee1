// The data.
const DATA = JSON.parse(document.getElementById("data").textContent);
