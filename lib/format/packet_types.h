/* Numbers of ethertypes and IP protocols (IANA) that packets are read by. */
#ifndef QOS_FORMAT_PACKET_TYPES_H
#define QOS_FORMAT_PACKET_TYPES_H

#define TYPE_IPV4     0x0800
#define TYPE_ARP      0x0806
#define TYPE_VLAN     0x8100
#define TYPE_QINQ     0x88a8
#define TYPE_QINQ_OLD 0x9100
#define TYPE_IPV6     0x86dd
#define TYPE_MPLS     0x8847
#define TYPE_MPLS_MC  0x8848
#define TYPE_PPPOE    0x8864
#define TYPE_ETHERNET 0x6558 /* in GRE and Geneve: a whole frame */
#define TYPE_PPP      0x880b
#define TYPE_ERSPAN   0x88be

#define PROTOCOL_IPIP     4
#define PROTOCOL_TCP      6
#define PROTOCOL_UDP      17
#define PROTOCOL_DCCP     33
#define PROTOCOL_IPV6     41
#define PROTOCOL_GRE      47
#define PROTOCOL_ICMP6    58
#define PROTOCOL_SCTP     132
#define PROTOCOL_UDPLITE  136
#define PROTOCOL_FRAGMENT 44
#define PROTOCOL_AH       51

#define PORT_VXLAN  4789
#define PORT_GENEVE 6081

#endif
