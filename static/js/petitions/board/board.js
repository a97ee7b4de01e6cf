// Draws the months of the board. The table below it holds the same figures, so without this script nothing is missing.
"use strict";

const place = document.querySelector("[data-chart]");
if (place && window.echarts) {
  const given = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const [year, before] = given.years;
  place.hidden = false;
  const chart = window.echarts.init(place);
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const share = (rates) => rates.map((rate) => (rate === null ? null : Math.round(rate * 10000) / 100));
  const line = { type: "line", yAxisIndex: 1, symbolSize: 6, connectNulls: true };

  const draw = () => {
    const narrow = place.clientWidth < 480;
    chart.setOption({
      animation: false,
      color: ["brand", "brand-pale", "info", "info-pale"].map(token),
      grid: { left: 8, right: 8, top: narrow ? 72 : 48, bottom: 8, containLabel: true },
      legend: { top: 0, itemWidth: 16 },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: given.months },
      yAxis: [
        { type: "value", minInterval: 1 },
        { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { show: false } },
      ],
      series: [
        { name: `${year}${given.counted}`, type: "bar", data: given.now },
        { name: `${before}${given.counted}`, type: "bar", data: given.before },
        { name: `${year}按期办结率`, data: share(given.kept), ...line },
        { name: `${before}按期办结率`, data: share(given.kept_before), ...line, lineStyle: { type: "dashed" } },
      ],
    });
  };

  draw();
  window.addEventListener("resize", () => { chart.resize(); draw(); });
}
