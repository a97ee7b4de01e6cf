"""Addresses of the shop: pictures, the villagers' pages, the staff's, and the counter."""

from django.urls import URLPattern, path

from rewards.pictures import views as pictures
from rewards.shop import views, views_counter, views_pin_watch, views_stock, views_villager

_SHOP = "shop/<str:village>/"

urlpatterns: list[URLPattern] = [
    path("pictures/<str:digest>/", pictures.picture, name="picture"),
    path("h/<str:token>/shop/", views_villager.plate_shop, name="plate-shop"),
    path("h/<str:token>/shop/mine/", views_villager.plate_shop_mine, name="plate-shop-mine"),
    path("h/<str:token>/shop/<int:item>/", views_villager.plate_shop_item, name="plate-shop-item"),
    path(
        "h/<str:token>/shop/mine/<int:redemption>/cancel/", views_villager.plate_shop_cancel, name="plate-shop-cancel"
    ),
    path("shop/worker.js", views_counter.counter_worker, name="shop-worker"),
    path("shop/pins/", views_pin_watch.pin_watch, name="pin-watch"),
    path("shop/", views.shops, name="shops"),
    path(_SHOP, views.shop, name="shop"),
    path(f"{_SHOP}settings/", views.shop_settings, name="shop-settings"),
    path(f"{_SHOP}items/", views.shop_items, name="shop-items"),
    path(f"{_SHOP}items/new/", views.shop_item_new, name="shop-item-new"),
    path(f"{_SHOP}items/<int:item>/", views.shop_item, name="shop-item"),
    path(f"{_SHOP}items/<int:item>/retire/", views.shop_item_retire, name="shop-item-retire"),
    path(f"{_SHOP}purchases/", views_stock.shop_purchases, name="shop-purchases"),
    path(f"{_SHOP}purchases/new/", views_stock.shop_purchase, name="shop-purchase"),
    path(f"{_SHOP}stocktakes/", views_stock.shop_stocktakes, name="shop-stocktakes"),
    path(f"{_SHOP}stocktakes/new/", views_stock.shop_stocktake_open, name="shop-stocktake-open"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/", views_stock.shop_stocktake, name="shop-stocktake"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/count/", views_stock.shop_stocktake_count, name="shop-stocktake-count"),
    path(
        f"{_SHOP}stocktakes/<int:stocktake>/witness/", views_stock.shop_stocktake_witness, name="shop-stocktake-witness"
    ),
    path(f"{_SHOP}stocktakes/<int:stocktake>/cancel/", views_stock.shop_stocktake_cancel, name="shop-stocktake-cancel"),
    path(f"{_SHOP}redemptions/", views.shop_redemptions, name="shop-redemptions"),
    path(f"{_SHOP}redemptions/<int:redemption>/", views.shop_redemption, name="shop-redemption"),
    path(f"{_SHOP}redemptions/<int:redemption>/undo/", views.shop_redemption_undo, name="shop-redemption-undo"),
    path(f"{_SHOP}reconciliation/", views_stock.shop_reconciliation, name="shop-reconciliation"),
    path(f"{_SHOP}counter/", views_counter.shop_counter, name="shop-counter"),
    path(f"{_SHOP}counter/package/", views_counter.shop_package, name="shop-package"),
]
