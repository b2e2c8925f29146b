"""Interfaces, Wi-Fi, and the lights of the packs."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Secrecy,
    Table,
    anything,
    clock,
    count,
    counts,
    switch,
    text,
)

INTERFACES: Final = Table(
    "317/commSetPara",
    "captures",
    (
        count("currentNetType", "network.active.id", codes="NETWORK_TYPE"),
        switch("wifiDHCP", "network.wifi.dhcp"),
        text("wifiMAC", "network.wifi.mac", secrecy=Secrecy.PERSONAL),
        text("wifiStaticIP", "network.wifi.ip", secrecy=Secrecy.PERSONAL, note="0.0.0.0 = none"),
        text("wifiDNS", "network.wifi.dns", secrecy=Secrecy.PERSONAL),
        text("wifiGateWay", "network.wifi.gateway", secrecy=Secrecy.PERSONAL),
        switch("eth0DHCP", "network.eth0.dhcp"),
        switch("eth1DHCP", "network.eth1.dhcp"),
        text("eth1MAC", "network.eth1.mac", secrecy=Secrecy.PERSONAL),
        text("eth1StaticIP", "network.eth1.ip", secrecy=Secrecy.PERSONAL),
        text("eth1DNS", "network.eth1.dns", secrecy=Secrecy.PERSONAL),
        text("eth1GateWay", "network.eth1.gateway", secrecy=Secrecy.PERSONAL),
        text("operatorDNS", "network.4g.dns", secrecy=Secrecy.PERSONAL),
        text("operatorMAC", "network.4g.mac", secrecy=Secrecy.PERSONAL),
        count("operatorRSSI", "network.4g.signal_raw", note="0..52 vendor scale"),
        switch("awsStatus", "network.aws"),
    ),
)

REACHABILITY: Final = Table(
    "339/dataArea",
    "captures",
    (
        count("routerStatus", "network.router_status_raw", note="0, 1 and 4 seen: not a boolean"),
        switch(
            "netStatus", "network.internet", note="read 0 in a capture made while the cloud clearly worked"
        ),
        switch("awsStatus", "network.aws", note="as netStatus"),
        switch("EthConnectRouterStatus", "network.eth.link", note="newer firmware"),
        switch("wifiConnectRouterStatus", "network.wifi.link", note="newer firmware"),
        switch("4GConnectBSStatus", "network.4g.link", note="newer firmware"),
        count("WifiSignalStrength", "network.wifi.signal_pct", note="0..100"),
        count("4GSignalStrength", "network.4g.signal_raw", note="0..52"),
        count("currentNetType", "network.active.id", codes="NETWORK_TYPE", note="newer firmware"),
    ),
)

SWITCHES: Final = Table(
    "341/dataArea",
    "captures",
    (
        switch("ethernet0NetSwitch", "network.eth0.enabled"),
        switch("ethernet1NetSwitch", "network.eth1.enabled"),
        switch("wifiNetSwitch", "network.wifi.enabled"),
        switch("4GNetSwitch", "network.4g.enabled"),
    ),
)

WIFI: Final = Table(
    "337/dataArea",
    "captures",
    (
        anything("wifi_SSID", "network.wifi_config.wifi_SSID", secrecy=Secrecy.PERSONAL),
        anything("wifi_Pw", "network.wifi_config.wifi_Pw", secrecy=Secrecy.SECRET, note="secret: always"),
        anything("ap_SSID", "network.wifi_config.ap_SSID", secrecy=Secrecy.PERSONAL),
        anything("ap_Pw", "network.wifi_config.ap_Pw", secrecy=Secrecy.SECRET, note="secret: always"),
        anything("wifi_Safety", "network.wifi_config.wifi_Safety"),
    ),
)

WIFI_SCAN: Final = Table(
    "335/dataArea",
    "both clients",
    (
        anything("wifi_Info[].wifi_SSID", "network.scan[].wifi_SSID", secrecy=Secrecy.PERSONAL),
        anything("wifi_Info[].wifi_RSSI", "network.scan[].wifi_RSSI", note="0..100 %"),
        anything("wifi_Info[].wifi_Safety", "network.scan[].wifi_Safety"),
    ),
)

LEDS: Final = Table(
    "327/dataArea",
    "captures",
    (
        counts("lightStat", "led.lightStat", note="per aPower: 1 off 2 on"),
        count("timeEn", "led.timeEn", note="0/1"),
        clock("lightOpenTime", "led.lightOpenTime"),
        clock("lightCloseTime", "led.lightCloseTime"),
        anything("rgb", "led.rgb", note="newer"),
        count("bright", "led.bright", note="newer"),
    ),
)
