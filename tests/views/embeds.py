"""One address of each kind of block that another site can show."""

SAMPLES = {
    "history": "/embed/forces/warwickshire/history/",
    "theme": "/embed/forces/warwickshire/themes/investigating-crime/",
    "badge": "/embed/forces/warwickshire/badge/investigating-crime/",
    "numbers": "/embed/forces/warwickshire/numbers/",
    "responses": "/embed/forces/warwickshire/responses/",
    "required-information": "/embed/forces/warwickshire/required-information/",
    "force-metric": "/embed/forces/warwickshire/metrics/recorded-crime/",
    "printed": "/embed/forces/warwickshire/2015/figure-2/",
    "metric": "/embed/metrics/recorded-crime/?force=warwickshire",
    "metric-map": "/embed/metrics/recorded-crime/map/",
    "metric-trend": "/embed/metrics/recorded-crime/trend/",
    "compared": "/embed/compare/warwickshire,west-mercia,avon-and-somerset,north-yorkshire/recorded-crime/",
    "cycle": "/embed/cycles/2023-25/",
    "cycle-map": "/embed/cycles/2023-25/map/",
    "map": "/embed/map/investigating-crime/",
}
FORCE_BLOCKS = (
    "history",
    "themes/investigating-crime",
    "badge/investigating-crime",
    "numbers",
    "responses",
    "required-information",
    "metrics/recorded-crime",
)
