"""Addresses of the shop: pictures, the villagers' pages, the staff's, and the counter."""

from django.urls import URLPattern, path

from rewards.views import counter, pictures, shop, stock, villager_shop

_SHOP = "shop/<str:village>/"

urlpatterns: list[URLPattern] = [
    path("pictures/<str:digest>/", pictures.picture, name="picture"),
    path("h/<str:token>/shop/", villager_shop.plate_shop, name="plate-shop"),
    path("h/<str:token>/shop/mine/", villager_shop.plate_shop_mine, name="plate-shop-mine"),
    path("h/<str:token>/shop/<int:item>/", villager_shop.plate_shop_item, name="plate-shop-item"),
    path("h/<str:token>/shop/mine/<int:redemption>/cancel/", villager_shop.plate_shop_cancel, name="plate-shop-cancel"),
    path("shop/worker.js", counter.counter_worker, name="shop-worker"),
    path("shop/", shop.shops, name="shops"),
    path(_SHOP, shop.shop, name="shop"),
    path(f"{_SHOP}settings/", shop.shop_settings, name="shop-settings"),
    path(f"{_SHOP}items/", shop.shop_items, name="shop-items"),
    path(f"{_SHOP}items/new/", shop.shop_item_new, name="shop-item-new"),
    path(f"{_SHOP}items/<int:item>/", shop.shop_item, name="shop-item"),
    path(f"{_SHOP}items/<int:item>/retire/", shop.shop_item_retire, name="shop-item-retire"),
    path(f"{_SHOP}purchases/", stock.shop_purchases, name="shop-purchases"),
    path(f"{_SHOP}purchases/new/", stock.shop_purchase, name="shop-purchase"),
    path(f"{_SHOP}stocktakes/", stock.shop_stocktakes, name="shop-stocktakes"),
    path(f"{_SHOP}stocktakes/new/", stock.shop_stocktake_open, name="shop-stocktake-open"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/", stock.shop_stocktake, name="shop-stocktake"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/count/", stock.shop_stocktake_count, name="shop-stocktake-count"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/witness/", stock.shop_stocktake_witness, name="shop-stocktake-witness"),
    path(f"{_SHOP}stocktakes/<int:stocktake>/cancel/", stock.shop_stocktake_cancel, name="shop-stocktake-cancel"),
    path(f"{_SHOP}redemptions/", shop.shop_redemptions, name="shop-redemptions"),
    path(f"{_SHOP}redemptions/<int:redemption>/", shop.shop_redemption, name="shop-redemption"),
    path(f"{_SHOP}redemptions/<int:redemption>/undo/", shop.shop_redemption_undo, name="shop-redemption-undo"),
    path(f"{_SHOP}reconciliation/", stock.shop_reconciliation, name="shop-reconciliation"),
    path(f"{_SHOP}counter/", counter.shop_counter, name="shop-counter"),
    path(f"{_SHOP}counter/package/", counter.shop_package, name="shop-package"),
]
